const PATIENCE_MS = 30000;

// `status` 0: nobody answered. `turn`: said all the same. `wait`: milliseconds.
export class Problem extends Error {
  constructor(status, turn, wait = 0) {
    super(status);
    Object.assign(this, { status, turn, wait });
  }

  get later() {
    return this.status === 429 || (this.status === 503 && this.wait > 0);
  }

  // Worth repeating for as long as it takes.
  get unreachable() {
    return this.later || [0, 401, 408].includes(this.status) || (!this.turn && this.status > 501 && this.status < 505);
  }
}

const isTurn = (turn) => Boolean(turn && Array.isArray(turn.parts) && turn.referral?.contacts?.length);

export class Transport {
  constructor(host) {
    this.host = host;
  }

  async request(method, path, token, body) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    if (body) headers['Content-Type'] = 'application/json';
    try {
      const response = await fetch(this.host + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: controller.signal,
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
      const answer = response.status === 204 ? {} : await response.json().catch(() => null);
      if (response.ok && answer) return answer;
      // No JSON: something between here and the server spoke.
      throw new Problem(response.ok ? 0 : response.status, isTurn(answer?.turn) ? answer.turn : null, (Number(response.headers.get('Retry-After')) || 0) * 1000);
    } catch (error) {
      throw error instanceof Problem ? error : new Problem(0);
    } finally {
      clearTimeout(timer);
    }
  }

  async session(keep) {
    return (await this.request('POST', '/api/v1/sessions', null, { keep_for_review: keep })).token;
  }

  allow(token, keep) {
    return this.request('PUT', '/api/v1/session', token, { keep_for_review: keep });
  }

  erase(token) {
    return this.request('DELETE', '/api/v1/session', token);
  }

  async message(token, message) {
    const turn = await this.request('POST', '/api/v1/messages', token, message);
    if (!isTurn(turn)) throw new Problem(500);
    return turn;
  }

  async turns(token, after) {
    const { turns, more } = await this.request('GET', `/api/v1/messages${after && `?after=${encodeURIComponent(after)}`}`, token);
    return { turns: turns.filter(isTurn), more };
  }

  feedback(token, verdict) {
    return this.request('POST', '/api/v1/feedback', token, verdict);
  }

  // Without items it reads.
  async list(token, items) {
    return (await this.request(items ? 'PUT' : 'GET', '/api/v1/list', token, items && { items })).items.map(String);
  }

  config() {
    return this.request('GET', '/widget/config.json');
  }
}
