"""Who the stories are about."""

Person = dict[str, str | int]

INES: Person = {
    "first_name": "Ines",
    "last_name": "Vogel",
    "email": "ines@vogelpumpen.de",
    "phone": "+49 30 901820",
    "company": "Vogel Pumpen AG",
    "job_title": "Managing Director",
    "country": "DE",
    "language": "de",
    "employees": 900,
    "budget": 500000,
    "timeframe": "now",
    "message": "Forty pumps by June",
}  # hot at once
KUBA: Person = {
    "name": "Jakub Wiśniewski",
    "email": "jakub@tartak-wisniewski.pl",
    "company": "Tartak Wiśniewski",
    "country": "PL",
    "language": "pl",
    "employees": 60,
    "message": "Just looking around",
}  # cold, with a consent: nurtured
