"""The single customer view: its sections by mask, each with its freshness, and the past without the present in it."""

import datetime

import grpc
import pytest
from punosapi.errors import refused
from punosapi.people import People

Code = grpc.StatusCode
TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global account_pb2, view_pb2
    from punos.v1 import account_pb2
    from punos.v1 import account_view_pb2 as view_pb2


def make(api, name, **fields):
    return api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
        account=account_pb2.Account(display_name=name, status="STATUS_CURRENT", **fields)))


def change(api, mask, **fields):
    return api.accounts.UpdateAccount(account_pb2.UpdateAccountRequest(
        account=account_pb2.Account(**fields), update_mask={"paths": mask}))


def view(api, name, mask=(), **point):
    return api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=name, read_mask={"paths": mask}, **point))


def sections():
    fields = [field.name for field in view_pb2.AccountView.DESCRIPTOR.fields]
    return [name for name in fields if name not in ("name", "revision", "as_of", "freshness")]


def told(relatives):
    return [(one.name, one.display_name, one.status) for one in relatives]


def test_every_section_says_how_fresh_it_is(api):
    parent = make(api, "Emo")
    account = make(api, "Kuura", parents=[{"account": parent.name}])
    child = make(api, "Tytär", parents=[{"account": account.name, "share": 0.5}])
    People(api).person("Liisa", account.name)
    whole = view(api, account.name, ["*"])
    fresh = {one.section: one for one in whole.freshness}
    assert sorted(fresh) == sorted(sections()) and len(fresh) == len(whole.freshness)
    for section, record in [("account", account), ("parents", parent), ("subsidiaries", child)]:
        assert (fresh[section].records, fresh[section].revision) == (1, record.revision)
        assert fresh[section].update_time == record.update_time
    assert fresh["recent_changes"].revision == whole.recent_changes[0].revision
    assert fresh["recent_changes"].records == len(whole.recent_changes)
    assert fresh["commitments"].records == 0 and not fresh["commitments"].HasField("update_time")


def test_a_read_mask_picks_sections_of_the_view(api):
    parent = make(api, "Emo")
    account = make(api, "Kuura", parents=[{"account": parent.name}])
    make(api, "Tytär", parents=[{"account": account.name}])
    People(api).person("Liisa", account.name)
    for section, filled in [("account", 1), ("contacts", 1), ("parents", 1), ("subsidiaries", 1), ("recent_changes", 2)]:
        answer = view(api, account.name, [section])
        assert [one.section for one in answer.freshness] == [section]
        others = [field.name for field, _ in answer.ListFields()]
        assert set(others) == {"name", "revision", "as_of", "freshness", section}
        value = getattr(answer, section)
        assert filled == (1 if section == "account" else len(value))
    assert not view(api, account.name).recent_changes
    with refused(Code.INVALID_ARGUMENT) as refusal:
        view(api, account.name, ["people"])
    assert "contacts" in refusal.fields["read_mask.paths[0]"].description


@pytest.mark.parametrize("by", ["as_of_time", "as_of_revision"])
def test_a_past_view_shows_relatives_as_they_were_then(api, by):
    parent = make(api, "Emo")
    account = make(api, "Kuura", parents=[{"account": parent.name}])
    left = make(api, "Myyty", parents=[{"account": account.name}])
    gone = make(api, "Lopetettu", parents=[{"account": account.name}])
    kept = make(api, "Tytär", parents=[{"account": account.name, "share": 0.75}])
    then = {"as_of_time": kept.update_time} if by == "as_of_time" else {"as_of_revision": kept.revision}
    before = view(api, account.name, **then)
    change(api, ["parents"], name=left.name)
    api.accounts.DeleteAccount(account_pb2.DeleteAccountRequest(name=gone.name))
    change(api, ["display_name", "status"], name=kept.name, display_name="Uusi nimi", status="STATUS_FORMER")
    change(api, ["display_name"], name=parent.name, display_name="Uusi emo")
    newcomer = make(api, "Ostettu", parents=[{"account": account.name}])
    past = view(api, account.name, **then)
    assert past == before
    current = account_pb2.Account.STATUS_CURRENT
    assert told(past.parents) == [(parent.name, "Emo", current)]
    assert sorted(told(past.subsidiaries)) == sorted(
        [(left.name, "Myyty", current), (gone.name, "Lopetettu", current), (kept.name, "Tytär", current)])
    now = view(api, account.name)
    assert told(now.parents) == [(parent.name, "Uusi emo", current)]
    assert {one.name for one in now.subsidiaries} == {kept.name, newcomer.name}
    assert past.as_of == kept.update_time


def test_ties_are_shown_on_the_days_on_which_they_hold(api):
    account = make(api, "Kuura")
    spans = {"Nyt": (day(-10), day(10)), "Alkaa": (day(10), ""), "Päättynyt": (day(-10), day(0)), "Aina": ("", "")}
    owners = {name: make(api, f"{name} omistaja").name for name in spans}
    for name, (start, end) in spans.items():
        make(api, name, parents=[{"account": account.name, "valid_from": start, "valid_to": end}])
    change(api, ["parents"], name=account.name, parents=[
        {"account": owners[name], "valid_from": start, "valid_to": end} for name, (start, end) in spans.items()])
    now = view(api, account.name)
    assert {one.display_name for one in now.subsidiaries} == {"Nyt", "Aina"}
    assert {one.display_name for one in now.parents} == {"Nyt omistaja", "Aina omistaja"}
