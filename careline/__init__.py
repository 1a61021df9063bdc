"""Careline: a symptom-and-question triage chatbot about metastatic and recurrent breast cancer."""

__version__ = "0.1.0"
