// For when the server is gone; compared with content/contacts.yml.
export const NUMBERS = {
  "en": {
    "emergency": { "id": "emergency", "name": "Emergency services", "phone": "911", "tel": "911", "hours": "24 hours, every day" },
    "crisis": { "id": "lifeline_988", "name": "988 Suicide & Crisis Lifeline", "phone": "988", "tel": "988", "hours": "24 hours, every day" },
    "hotline": { "id": "acs", "name": "American Cancer Society", "phone": "1-800-227-2345", "tel": "+18002272345", "hours": "24 hours, every day" }
  },
  "es": {
    "emergency": { "id": "emergency", "name": "Servicios de emergencia", "phone": "911", "tel": "911", "hours": "24 horas, todos los días" },
    "crisis": { "id": "lifeline_988", "name": "Línea 988 de Prevención del Suicidio y Crisis", "phone": "988", "tel": "988", "hours": "24 horas, todos los días" },
    "hotline": { "id": "acs", "name": "Sociedad Americana Contra El Cáncer", "phone": "1-800-227-2345", "tel": "+18002272345", "hours": "24 horas, todos los días" }
  }
};
