"""`careline staff`: accounts of the console, phone numbers withdrawn and checked, and the log of what staff did."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from datetime import datetime, timezone

from careline import contacts as registry
from careline import models, paths
from careline.contacts import Contacts
from careline.staff.accounts import ROLES, AccountError, Accounts, made
from careline.staff.acts import Acts
from careline.store.ledger import CHECKED, Act, Ledger, now
from careline.withdrawals import may_be_withdrawn, of_contact

_WHO = "command line"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    does = parser.add_subparsers(dest="does", required=True, metavar="WHAT")
    add = does.add_parser("add", help="make an account, or give it a new password or role; ends its logins")
    add.add_argument("name")
    add.add_argument("--role", choices=ROLES, default="staff")
    add.add_argument("--no-password", action="store_true", help="it comes in through an identity proxy alone")
    does.add_parser("list", help="show the accounts")
    does.add_parser("remove", help="take an account away; ends its logins").add_argument("name")
    does.add_parser("checks", help="recorded checks of phone numbers, to carry over to content/contacts.yml")
    for name, what in (("withdraw-number", "show a wrong number to nobody from now on"), ("restore-number", "show a withdrawn number again")):
        number = does.add_parser(name, help=what)
        number.add_argument("contact", help="an id of content/contacts.yml")
        number.add_argument("--because", required=True, metavar="REASON", help="a few words, kept in the log")
    does.add_parser("log", help="what staff did, one JSON object a line; fails where the log was altered")


def run(options: argparse.Namespace) -> int:
    """Do it; returns the exit code."""
    try:
        return _DOES[options.does](options)
    except AccountError as error:
        print(f"careline: {error}", file=sys.stderr)
        return 1


def _add(options: argparse.Namespace) -> int:
    account = made(options.name, options.role, None if options.no_password else _password())
    Accounts().put(account)
    Ledger().add(Act(now(), _WHO, "account_made", account.name, {"role": account.role}))
    print(f"{account.name} can log in at /staff/ as {account.role}.")
    return 0


def _list(_options: argparse.Namespace) -> int:
    for account in Accounts().all().values():
        print(f"{account.name}\t{account.role}{'' if account.has_password else ' (identity proxy only)'}")
    return 0


def _remove(options: argparse.Namespace) -> int:
    Accounts().remove(options.name)
    Ledger().add(Act(now(), _WHO, "account_removed", options.name))
    print(f"{options.name} is out.")
    return 0


def _checks(_options: argparse.Namespace) -> int:
    for check in Ledger().acts(CHECKED):
        day = datetime.fromtimestamp(check.at, timezone.utc).date()
        print(f"{check.subject}: {check.detail['phone']} was {check.detail['result'].replace('_', ' ')}; checked_on: \"{day}\", checked_by: {check.who}")
    return 0


def _log(_options: argparse.Namespace) -> int:
    ledger = Ledger()
    for act in reversed(ledger.acts(limit=1_000_000)):
        print(json.dumps({"at": act.at, "who": act.who, "act": act.act, "subject": act.subject, **act.detail}))
    broken = ledger.broken_at()
    if broken:
        print(f"careline: the log was altered; entry {broken} does not fit the one before it", file=sys.stderr)
    return int(broken is not None)


def _withdraw_number(options: argparse.Namespace) -> int:
    contacts = _registry()
    contact = contacts.by_id.get(options.contact)
    if contact is None or not may_be_withdrawn(contacts, contact):
        known = ", ".join(each.id for each in contacts.by_id.values() if may_be_withdrawn(contacts, each))
        print(f"careline: {options.contact} cannot be withdrawn; one of {known} can. The emergency and the crisis number are set in the file that CARELINE_DEPLOYMENT names.", file=sys.stderr)
        return 1
    Acts(Ledger()).number_withdrawn(_WHO, contact, options.because)
    print(f"{contact.name['en']}: {contact.phone} is shown to nobody any more; people are referred to others. Running servers follow within seconds.")
    return 0


def _restore_number(options: argparse.Namespace) -> int:
    subject = of_contact(options.contact)
    if subject not in Ledger().withdrawals():
        print(f"careline: no number of {options.contact!r} is withdrawn", file=sys.stderr)
        return 1
    Acts(Ledger()).restored(_WHO, subject, options.because)
    print(f"{options.contact} is shown again.")
    return 0


def _registry() -> Contacts:
    """The numbers that people see: those of the live model, or the project's where none is live."""
    try:
        root = models.live_model().folder / models.PROJECT
    except FileNotFoundError:
        root = paths.home()
    return registry.load(root / "content" / "contacts.yml")


def _password() -> str:
    """Typed twice at a terminal, or one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (12 characters or more): ")
    if first != getpass.getpass("Once more: "):
        raise AccountError("the two were not the same; try again")
    return first


_DOES = {"add": _add, "list": _list, "remove": _remove, "checks": _checks, "log": _log, "withdraw-number": _withdraw_number, "restore-number": _restore_number}
