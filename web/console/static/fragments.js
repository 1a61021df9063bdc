// Pieces of pages from the server. A later request for the same place makes an earlier one worthless.

const running = new Map();
const token = document.querySelector('meta[name="form-token"]').content;

// Puts what the server sends into a place of the page. Answers false where a newer request took over or nothing came.
export async function fill(place, url, form) {
  running.get(place)?.abort();
  const control = new AbortController();
  running.set(place, control);
  try {
    const response = await fetch(url, { ...request(form), signal: control.signal });
    if (response.status === 401) return overAndOut();
    if (!response.ok) return failed(place);
    replace(place, await response.text());
    return true;
  } catch (error) {
    return error.name === 'AbortError' ? false : failed(place);
  }
}

// What is on its way to a place does not come any more.
export function stop(place) {
  running.get(place)?.abort();
}

function request(form) {
  const headers = { 'X-Fragment': '1' };
  if (!form) return { headers };
  return { method: 'POST', headers: { ...headers, 'X-Form-Token': token }, body: new URLSearchParams(form) };
}

function replace(place, html) {
  place.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
}

function failed(place) {
  const words = document.createElement('p');
  words.className = 'alert';
  words.textContent = 'The console cannot be reached. Go on with your own protocol and numbers, and try again.';
  place.replaceChildren(words);
  return false;
}

function overAndOut() {
  const link = document.createElement('a');
  link.href = '/staff/login';
  link.textContent = 'Log in again in a new tab';
  link.target = '_blank';
  link.rel = 'noopener';
  const words = document.createElement('p');
  words.className = 'alert';
  words.setAttribute('role', 'alert');
  words.append('Your login has ended. ', link, ', then go on here; your call note is still there.');
  document.querySelector('.columns').before(words);
  return false;
}
