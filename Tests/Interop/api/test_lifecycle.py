"""The life of a customer: stages, moves, and where it sticks."""

import concurrent.futures

import grpc
import pytest
from punosapi.deciding import Deciding
from punosapi.errors import refused

Code = grpc.StatusCode
DEFAULT = "journeys/default-b2b"


@pytest.fixture(scope="module", autouse=True)
def modules(stubs):
    global lifecycle_pb2, journey_pb2, transition_pb2, view_pb2, commitment_pb2
    global lifecycle_grpc, journey_grpc, transition_grpc, commitment_grpc
    from punos.v1 import account_view_pb2 as view_pb2
    from punos.v1 import (
        commitment_pb2, journey_pb2, lifecycle_pb2)
    from punos.v1 import commitment_pb2_grpc as commitment_grpc
    from punos.v1 import journey_pb2_grpc as journey_grpc
    from punos.v1 import lifecycle_pb2_grpc as lifecycle_grpc
    from punos.v1 import stage_transition_pb2 as transition_pb2
    from punos.v1 import stage_transition_pb2_grpc as transition_grpc


class Life(Deciding):
    def __init__(self, api, name="Kuura", **account):
        super().__init__(api, name, **account)
        self.lifecycles = lifecycle_grpc.LifecycleServiceStub(api.channel)
        self.journeys = journey_grpc.JourneyServiceStub(api.channel)
        self.transitions = transition_grpc.StageTransitionServiceStub(api.channel)

    def move(self, stage, *confirmed, on=None, **request):
        if on:
            request["moved_time"] = f"{on}T12:00:00Z"
        from google.protobuf.timestamp_pb2 import Timestamp
        if isinstance(request.get("moved_time"), str):
            moment = Timestamp()
            moment.FromJsonString(request["moved_time"])
            request["moved_time"] = moment
        return self.lifecycles.MoveStage(lifecycle_pb2.MoveStageRequest(
            account=self.account, to_stage=stage, confirmed=confirmed, **request)).stage_transition

    def now(self, **request):
        return self.lifecycles.GetLifecycle(lifecycle_pb2.GetLifecycleRequest(account=self.account, **request))

    def revert(self, name, reason="a mistake"):
        return self.lifecycles.RevertTransition(lifecycle_pb2.RevertTransitionRequest(name=name, reason=reason)).stage_transition

    def funnel(self, **request):
        return self.lifecycles.GetFunnel(lifecycle_pb2.GetFunnelRequest(**request))

    def journey(self, **fields):
        return self.journeys.CreateJourney(journey_pb2.CreateJourneyRequest(journey=journey_pb2.Journey(**fields)))


@pytest.fixture
def kuura(api):
    return Life(api)


def reasons(refusal):
    return {path.removeprefix("stage_transition."): field.reason for path, field in refusal.fields.items()}


def test_a_customer_begins_on_the_journey_that_comes_with_punos(kuura):
    before = kuura.now()
    assert before.journey == DEFAULT and not before.HasField("stage")
    moved = kuura.move("prospect")
    assert (moved.title, moved.move, moved.team) == ("→ Prospect", transition_pb2.StageTransition.MOVE_ENTRY, "sales")
    now = kuura.now()
    assert now.stage.id == "prospect" and now.days_in_stage == 0 and now.next_stages[0] == "evaluation"
    assert [state.criterion for state in now.next_criteria] == ["contact-known", "need-told", "purchase-open"]


def test_what_comes_next_is_no_end_while_a_stage_follows(kuura):
    kuura.move("renewal", "value-shown")
    now = kuura.now()
    assert list(now.next_stages) == ["use", "former"]
    assert [state.criterion for state in now.next_criteria] == ["service-knows"]


def test_a_move_before_its_criteria_names_each_one_that_is_open(kuura):
    kuura.move("prospect")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("evaluation", "need-told")
    assert reasons(refusal) == {"confirmed": "CRITERION_NOT_MET"}
    assert "contact-known" in refusal.message and "confirm it by its id" in refusal.message
    kuura.person("Kaisa")
    kuura.purchase()
    moved = kuura.move("evaluation", "need-told")
    how = {state.criterion: state.how for state in moved.criteria}
    states = transition_pb2.CriterionState
    assert how == {"contact-known": states.HOW_CHECKED, "need-told": states.HOW_CONFIRMED, "purchase-open": states.HOW_CHECKED}
    assert moved.title == "Prospect → Evaluation" and moved.days_in_stage == 0


def test_whoever_passes_over_a_stage_confirms_its_criteria_too(kuura):
    kuura.move("prospect")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("agreement", "contact-known", "need-told", "chosen")
    assert "confirmed" in reasons(refusal)
    kuura.move("agreement", "contact-known", "need-told", "purchase-open", "decider-known", "criteria-known", "chosen")


def test_a_person_is_known_from_their_first_day_at_the_customer_to_their_last(kuura):
    def how(criterion):
        return {state.criterion: state.how for state in kuura.now().next_criteria}[criterion]
    states = transition_pb2.CriterionState
    kuura.move("prospect")
    kuura.person("Kalle", valid_from="2999-01-01")
    kuura.person("Kaarina", valid_from="2001-01-01", valid_to="2002-01-01")
    assert how("contact-known") == states.HOW_UNSPECIFIED
    chief = kuura.person("Kaisa", valid_from="2001-01-01", valid_to="2999-01-01")
    assert how("contact-known") == states.HOW_CHECKED
    kuura.move("evaluation", "need-told", "purchase-open")
    kuura.member(chief, role="ROLE_DECISION_MAKER", valid_from="2998-01-01")
    assert how("decider-known") == states.HOW_UNSPECIFIED
    kuura.member(chief, role="ROLE_DECISION_MAKER", valid_from="2001-01-01", valid_to="2997-01-01")
    assert how("decider-known") == states.HOW_CHECKED


def test_a_move_is_counted_with_whoever_answered_for_the_account_then(api):
    life = Life(api, owners=[
        {"team": "sales", "principal": "pekka", "valid_from": "2020-01-01", "valid_to": "2026-01-15"},
        {"team": "sales", "principal": "paula", "valid_from": "2026-01-15", "valid_to": "2999-01-01"}])
    assert [life.move(stage, *CONFIRM[stage], on=day).owner for stage, day in [
        ("prospect", "2026-01-14"), ("evaluation", "2026-01-15"), ("agreement", "2026-01-16")]] == ["pekka", "paula", "paula"]


def test_what_the_server_sees_need_not_be_confirmed(kuura):
    kuura.move("agreement", "chosen")
    kuura.purchase(status="STATUS_WON", decided_date="2026-01-01")
    kuura.move("implementation", "handover-accepted")
    commitments = commitment_grpc.CommitmentServiceStub(kuura.api.channel)
    commitments.CreateCommitment(commitment_pb2.CreateCommitmentRequest(
        parent=kuura.account, commitment=commitment_pb2.Commitment(title="Training", due_date="2020-01-01")))
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("use", "delivery-accepted", "service-knows")
    assert "promises-kept" in refusal.message


def test_a_criterion_that_stages_share_waits_for_the_team_of_the_one_that_is_entered(punos):
    from punos.v1 import handover_pb2, handover_pb2_grpc, handover_workflow_pb2 as way, handover_workflow_pb2_grpc
    tenant = punos.new_tenant()

    def hand_over(team):
        handovers = handover_pb2_grpc.HandoverServiceStub(api.channel)
        workflow = handover_workflow_pb2_grpc.HandoverWorkflowServiceStub(api.channel)
        made = handovers.CreateHandover(handover_pb2.CreateHandoverRequest(
            parent=kuura.account, handover=handover_pb2.Handover(title="Lifts", to_team=team)))
        made = workflow.SuggestHandoverItems(way.SuggestHandoverItemsRequest(name=made.name))
        for item in made.items:
            item.text = "said"
        handovers.UpdateHandover(handover_pb2.UpdateHandoverRequest(
            handover=handover_pb2.Handover(name=made.name, items=made.items)))
        workflow.OfferHandover(way.OfferHandoverRequest(name=made.name))
        with punos.client(tenant=tenant, team=team, name="pekka") as receiver:
            handover_workflow_pb2_grpc.HandoverWorkflowServiceStub(receiver.channel).AcceptHandover(
                way.AcceptHandoverRequest(name=made.name, accept_open_items=True))

    with punos.client(tenant=tenant) as api:
        kuura = Life(api)
        taken = {"entry_criteria": [{"id": "taken", "title": "Taken over", "check": "CHECK_HANDOVER_ACCEPTED"}]}
        own = kuura.journey(title="Ours", stages=stages("x d s z", d={"team": "delivery", **taken}, s={"team": "service", **taken}))
        kuura.move("d", "taken", journey=own.name, on="2026-01-01")
        hand_over("delivery")
        assert [state.how for state in kuura.now().next_criteria] == [transition_pb2.CriterionState.HOW_UNSPECIFIED]
        hand_over("service")
        assert [state.how for state in kuura.now().next_criteria] == [transition_pb2.CriterionState.HOW_CHECKED]


def test_a_move_back_is_never_silent(kuura):
    kuura.move("use", "service-knows")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("implementation")
    assert reasons(refusal) == {"reason": "REQUIRED", "backwards": "BACKWARDS"}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("implementation", reason="the module is missing")
    assert reasons(refusal) == {"backwards": "BACKWARDS"}
    moved = kuura.move("implementation", reason="the module is missing", backwards=True)
    assert moved.move == transition_pb2.StageTransition.MOVE_BACKWARD
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("former", reason="gone", backwards=True)
    assert reasons(refusal) == {"backwards": "NOT_BACKWARDS"}


def test_another_journey_is_no_way_back_without_a_word(kuura):
    first = kuura.journey(title="A", stages=stages("x y z"))
    second = kuura.journey(title="B", stages=stages("p q z"))
    kuura.move("x", journey=first.name, on="2026-01-01")
    kuura.move("y", on="2026-01-11")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("p", journey=second.name, on="2026-02-10")
    assert reasons(refusal) == {"reason": "REQUIRED"} and "to another journey" in refusal.message
    entered = kuura.move("p", journey=second.name, on="2026-02-10", reason="they buy another thing")
    assert (entered.from_stage, entered.move) == ("", transition_pb2.StageTransition.MOVE_ENTRY)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("x", journey=first.name)
    assert reasons(refusal) == {"reason": "REQUIRED", "backwards": "BACKWARDS"}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("y", journey=first.name)
    assert reasons(refusal) == {"reason": "REQUIRED"}
    back = kuura.move("x", journey=first.name, reason="it was nothing", backwards=True)
    assert (back.from_stage, back.days_in_stage, back.title) == ("y", 30, "Y → X")
    kuura.revert(back.name)
    again = kuura.move("y", journey=first.name, reason="it was nothing")
    assert (again.from_stage, again.move, again.title) == ("y", transition_pb2.StageTransition.MOVE_ENTRY, "→ Y")
    times = {time.stage: (time.visits, time.days) for time in kuura.now(as_of_revision=again.revision).times}
    assert times["x"] == (1, 10) and times["y"] == (2, 30)
    funnel = {stage.stage: stage.present for stage in kuura.funnel(journey=first.name).stages}
    assert funnel == {"x": 0, "y": 1, "z": 0}


def test_whoever_drops_out_says_why(kuura):
    kuura.move("prospect")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("former")
    assert reasons(refusal) == {"reason": "REQUIRED"}
    assert kuura.move("former", reason="no budget").move == transition_pb2.StageTransition.MOVE_DROP


def test_unknown_stages_journeys_and_criteria_are_named_with_what_there_is(kuura):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("paradise")
    assert reasons(refusal) == {"to_stage": "UNKNOWN_STAGE"} and "renewal" in refusal.message
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("prospect", journey="journeys/nothing")
    assert refusal.fields["journey"].reason == "UNKNOWN_JOURNEY" and DEFAULT in refusal.message
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("prospect", "weather")
    assert reasons(refusal) == {"confirmed[0]": "UNKNOWN_CRITERION"}
    kuura.move("prospect")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("prospect")
    assert reasons(refusal) == {"to_stage": "SAME_STAGE"}


def test_moves_are_told_in_their_order_and_not_of_the_future(kuura):
    kuura.move("prospect", on="2026-03-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("former", reason="gone", on="2026-02-28")
    assert reasons(refusal) == {"moved_time": "OUT_OF_ORDER"}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("former", reason="gone", on="2999-01-01")
    assert reasons(refusal) == {"moved_time": "IN_FUTURE"}


def test_the_latest_move_can_be_taken_back_and_stays_in_the_history(api, kuura):
    first = kuura.move("prospect", on="2026-03-01")
    second = kuura.move("former", reason="gone", on="2026-03-11")
    assert second.days_in_stage == 10
    with refused(Code.FAILED_PRECONDITION) as refusal:
        kuura.revert(first.name)
    assert refusal.reason == "NOT_LATEST" and refusal.metadata["latest"] == second.name
    back = kuura.revert(second.name, "they had only moved house")
    assert back.reverted and back.reverted_by == "aino" and back.revert_reason == "they had only moved house"
    now = kuura.now()
    assert now.stage.id == "prospect" and [t.name for t in now.transitions] == [second.name, first.name]
    with refused(Code.FAILED_PRECONDITION) as refusal:
        kuura.revert(second.name)
    assert refusal.reason == "REVERTED_ALREADY"
    view = api.views.GetAccountView(view_pb2.GetAccountViewRequest(name=kuura.account))
    assert [t.to_stage for t in view.stage_transitions] == ["former", "prospect"]
    assert kuura.move("former", reason="gone indeed").name != second.name


def test_a_deleted_move_never_takes_a_customer_elsewhere_in_silence(kuura):
    def delete(move):
        return kuura.transitions.DeleteStageTransition(transition_pb2.DeleteStageTransitionRequest(name=move.name))

    def bring_back(move):
        return kuura.transitions.UndeleteStageTransition(transition_pb2.UndeleteStageTransitionRequest(name=move.name))

    first = kuura.move("prospect", on="2026-03-01")
    second = kuura.move("former", reason="gone", on="2026-03-11")
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delete(first)
    assert refusal.reason == "NOT_LATEST" and refusal.metadata["latest"] == second.name
    delete(second)
    assert kuura.now().stage.id == "prospect"
    bring_back(second)
    assert kuura.now().stage.id == "former"
    delete(second)
    third = kuura.move("former", reason="gone indeed", on="2026-03-12")
    with refused(Code.FAILED_PRECONDITION) as refusal:
        bring_back(second)
    assert refusal.reason == "MOVED_SINCE" and refusal.metadata["latest"] == third.name
    kuura.revert(third.name)
    bring_back(second)
    delete(third)
    assert [move.name for move in kuura.now().transitions] == [second.name, first.name]


def test_whoever_may_brings_a_deleted_move_back(punos):
    tenant = punos.new_tenant()
    with punos.client(tenant=tenant) as api, punos.client(tenant=tenant, team="delivery", name="eero") as other:
        kuura = Life(api)
        kuura.person("Kaisa")
        kuura.move("prospect", on="2026-03-01")
        moved = kuura.move("evaluation", "need-told", "purchase-open", on="2026-03-11")
        kuura.transitions.DeleteStageTransition(transition_pb2.DeleteStageTransitionRequest(name=moved.name))
        transition_grpc.StageTransitionServiceStub(other.channel).UndeleteStageTransition(
            transition_pb2.UndeleteStageTransitionRequest(name=moved.name))
        now = kuura.now()
        assert now.stage.id == "evaluation" and now.transitions[0].principal == "aino"
        assert list(now.transitions[0].criteria) == list(moved.criteria)


def test_what_happened_cannot_be_rewritten(kuura):
    moved = kuura.move("prospect")
    update = lambda **fields: kuura.transitions.UpdateStageTransition(transition_pb2.UpdateStageTransitionRequest(
        stage_transition=transition_pb2.StageTransition(name=moved.name, **fields)))
    for fields in ({"to_stage": "use"}, {"reverted": True}, {"days_in_stage": 5}):
        with refused(Code.INVALID_ARGUMENT) as refusal:
            update(**fields)
        assert reasons(refusal) == {"to_stage": "IMMUTABLE"}
    assert update(reason="they called").reason == "they called"


def test_the_reason_that_a_move_asks_for_can_be_corrected_and_not_wiped(kuura):
    def say(move, reason):
        return kuura.transitions.UpdateStageTransition(transition_pb2.UpdateStageTransitionRequest(
            stage_transition=transition_pb2.StageTransition(name=move.name, reason=reason), update_mask={"paths": ["reason"]}))

    other = kuura.journey(title="Theirs", stages=stages("x y"))
    kuura.move("x", journey=other.name)
    entered = kuura.move("evaluation", "purchase-open", journey=DEFAULT, reason="they called")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        say(entered, "")
    assert reasons(refusal) == {"reason": "REQUIRED"}
    entered = kuura.move("agreement", *CONFIRM["agreement"], reason="they chose us")
    unusual = [kuura.move("prospect", reason="too soon", backwards=True), kuura.move("former", reason="no budget")]
    for move in unusual:
        with refused(Code.INVALID_ARGUMENT) as refusal:
            say(move, "")
        assert reasons(refusal) == {"reason": "REQUIRED"}
        assert say(move, "as they said").reason == "as they said"
    assert say(entered, "").reason == ""


def test_of_two_moves_at_the_same_time_one_is_told_to_look_again(kuura):
    kuura.move("prospect")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: attempt(kuura), range(8)))
    assert outcomes.count("moved") == 1
    assert set(outcomes) <= {"moved", Code.ABORTED, Code.INVALID_ARGUMENT}
    assert len(kuura.now().transitions) == 2


def test_moves_and_their_withdrawal_at_the_same_time_leave_one_story(kuura):
    """Each of four people moves the account on or takes the latest move back; whoever comes too late is told so."""
    stages = ["one", "two", "three", "four"]
    kuura.journey(title="Ours", stages=[{"id": stage, "title": stage.title()} for stage in stages], is_default=True)
    kuura.move("one")

    def work(person):
        outcomes = []
        for turn in range(12):
            try:
                if (turn + person) % 3 == 0:
                    kuura.revert(next(move for move in kuura.now().transitions if not move.reverted).name)
                else:
                    stage = stages[(turn + person) % len(stages)]
                    here = kuura.now().stage.id
                    kuura.move(stage, reason="on we go", backwards=here in stages[stages.index(stage):])
                outcomes.append("done")
            except grpc.RpcError as error:
                outcomes.append(error.code())
            except StopIteration:
                outcomes.append("nowhere")
        return outcomes

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outcomes = [outcome for person in pool.map(work, range(4)) for outcome in person]
    assert outcomes.count("done") > 4
    assert set(outcomes) <= {"done", "nowhere", Code.ABORTED, Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION}
    moves = kuura.now().transitions
    story = [move for move in reversed(moves) if not move.reverted]
    assert [move.from_stage for move in story] == ["", *(move.to_stage for move in story)][:len(story)]


def test_moves_of_one_batch_follow_each_other(kuura):
    confirmed = {"evaluation": ["contact-known", "need-told", "purchase-open"]}
    answer = kuura.transitions.BatchUpsertStageTransitions(transition_pb2.BatchUpsertStageTransitionsRequest(
        parent=kuura.account, stage_transitions=[
            transition_pb2.StageTransition(journey=DEFAULT, to_stage=stage, confirmed=confirmed.get(stage, []))
            for stage in ("prospect", "evaluation", "evaluation", "prospect")]))
    said = [result.error.message for result in answer.results]
    assert said[:2] == ["", ""]
    assert "in this stage already" in said[2] and "a move backwards says why" in said[3]
    assert [(move.from_stage, move.to_stage) for move in reversed(kuura.now().transitions)] == [
        ("", "prospect"), ("prospect", "evaluation")]


def attempt(life):
    try:
        life.move("former", reason="gone")
        return "moved"
    except grpc.RpcError as error:
        return error.code()


def test_a_repeat_of_a_move_has_one_effect(kuura):
    first = kuura.move("prospect", request_id="once")
    assert kuura.move("prospect", request_id="once").name == first.name
    assert len(kuura.now().transitions) == 1


def test_checking_a_move_changes_nothing(kuura):
    assert kuura.move("prospect", validate_only=True).title == "→ Prospect"
    assert not kuura.now().transitions


def test_time_in_each_stage_is_told_and_being_late_too(kuura):
    kuura.move("prospect", on="2025-01-01")
    kuura.move("evaluation", "contact-known", "need-told", "purchase-open", on="2025-03-02")
    now = kuura.now()
    assert [(t.stage, t.days) for t in now.times][0] == ("prospect", 60)
    assert now.overdue and now.days_in_stage > 300


def test_a_journey_of_the_tenants_own_takes_the_place_of_the_one_that_is_built_in(kuura):
    stages = [{"id": "new", "title": "New"}, {"id": "gone", "title": "Gone", "is_end": True}]
    own = kuura.journey(title="Ours", stages=stages, is_default=True)
    assert kuura.now().journey == own.name
    assert kuura.move("new").journey == own.name
    with refused(Code.ALREADY_EXISTS) as refusal:
        kuura.journey(title="Another", stages=stages, is_default=True)
    assert refusal.reason == "VALUE_TAKEN"
    assert kuura.lifecycles.GetJourneyInUse(lifecycle_pb2.GetJourneyInUseRequest()).name == own.name


def test_a_journey_that_contradicts_itself_is_refused(kuura):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.journey(title="Wrong", stages=[
            {"id": "a", "title": "A", "is_end": True, "entry_criteria": [{"id": "x", "title": "One"}]},
            {"id": "a", "title": "Again", "next": ["b"], "exit_criteria": [{"id": "x", "title": "Two"}]}])
    found = {path.removeprefix("journey."): field.reason for path, field in refusal.fields.items()}
    assert found == {
        "stages[1].id": "TWICE", "stages[1].next[0]": "UNKNOWN_STAGE", "stages[0].is_end": "BEGINS_WITH_END",
        "stages[1].exit_criteria[0].id": "TWICE"}


def change(kuura, journey, **fields):
    return kuura.journeys.UpdateJourney(journey_pb2.UpdateJourneyRequest(
        journey=journey_pb2.Journey(name=journey.name, **fields), update_mask={"paths": list(fields)}))


def stages(ids, **fields):
    """Stages by their ids, the last one an end."""
    ids = ids.split()
    return [{"id": id, "title": id.upper(), "is_end": id == ids[-1], **fields.get(id, {})} for id in ids]


@pytest.mark.parametrize("target, kind", [("w", "FORWARD"), ("x", "FORWARD"), ("z", "DROP")])
def test_from_a_stage_that_was_taken_out_of_the_journey_a_customer_can_move_anywhere(kuura, target, kind):
    own = kuura.journey(title="Ours", stages=stages("x y z"))
    kuura.move("x", journey=own.name, on="2026-01-01")
    kuura.move("y", on="2026-01-11")
    asked = {"entry_criteria": [{"id": "agreed", "title": "Agreed"}]}
    change(kuura, own, stages=stages("x w z", x=asked, w=asked, z=asked))
    assert target in kuura.now().next_stages
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move(target, on="2026-01-21")
    assert reasons(refusal) == {"reason": "REQUIRED", "confirmed": "CRITERION_NOT_MET"}
    moved = kuura.move(target, "agreed", reason="there are no pilots any more", on="2026-01-21")
    assert moved.move == transition_pb2.StageTransition.Move.Value(f"MOVE_{kind}")
    assert (moved.from_stage, moved.days_in_stage, kuura.now().stage.id) == ("y", 10, target)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("y", reason="back")
    assert reasons(refusal) == {"to_stage": "UNKNOWN_STAGE"}


def delete_journey(kuura, journey, **request):
    return kuura.journeys.DeleteJourney(journey_pb2.DeleteJourneyRequest(name=journey.name, **request))


def test_a_journey_on_which_customers_went_their_way_is_not_deleted(api, kuura):
    own = kuura.journey(title="Ours", stages=stages("x y z"))
    first = kuura.move("x", journey=own.name)
    Life(api, "Halla").move("y", journey=own.name)
    for request in ({"validate_only": True}, {}):
        with refused(Code.FAILED_PRECONDITION) as refusal:
            delete_journey(kuura, own, **request)
    assert refusal.reason == "JOURNEY_IN_USE" and refusal.metadata["moves"] == "2"
    assert refusal.message.startswith("2 moves of customers are on")
    kuura.revert(first.name)
    with refused(Code.FAILED_PRECONDITION) as refusal:
        delete_journey(kuura, own)
    assert refusal.message.startswith("1 move of customers is on")


def test_a_journey_that_was_deleted_can_still_be_read_of(kuura):
    own = kuura.journey(title="Ours", stages=stages("x y z"))
    moved = kuura.move("x", journey=own.name)
    kuura.revert(moved.name)
    delete_journey(kuura, own)
    then = kuura.now(as_of_revision=moved.revision)
    assert (then.journey_title, then.stage.title) == ("Ours", "X")
    assert kuura.now().journey == DEFAULT
    assert [stage.stage for stage in kuura.funnel(journey=own.name).stages] == ["x", "y", "z"]
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("x", journey=own.name)
    assert reasons(refusal) == {"journey": "UNKNOWN_JOURNEY"} and "UndeleteJourney" in refusal.message


def test_the_tenants_own_in_place_of_the_one_that_is_built_in_can_go_at_any_time(kuura):
    own = kuura.journeys.CreateJourney(journey_pb2.CreateJourneyRequest(
        journey_id=DEFAULT.split("/")[1], journey=journey_pb2.Journey(title="Ours", stages=stages("prospect pilot former"))))
    assert own.name == DEFAULT
    kuura.move("pilot")
    delete_journey(kuura, own)
    assert kuura.now().stage.title == "pilot" and kuura.now().journey_title == "B2B customer"
    kuura.move("use", "service-knows", reason="there are no pilots any more")


def test_the_past_shows_the_journey_as_it_was(kuura):
    own = kuura.journey(title="Ours", is_default=True, stages=stages("x y z", x={"expected_days": 1000}))
    moved = kuura.move("x", on="2026-01-01")
    change(kuura, own, title="New", stages=stages("w x z", x={"expected_days": 5, "title": "New X"}))
    then = kuura.now(as_of_revision=moved.revision)
    assert (then.journey_title, then.stage.title, then.overdue) == ("Ours", "X", False)
    assert then.next_stages[0] == "y"
    now = kuura.now()
    assert (now.journey_title, now.stage.title, now.overdue) == ("New", "New X", True)
    # An account that was on no journey yet would have begun on the one that was the default then.
    other = kuura.journey(title="Another", stages=stages("a b"))
    change(kuura, own, is_default=False)
    assert kuura.now(as_of_revision=own.revision).journey_title == "Ours"
    assert kuura.now(as_of_revision=other.revision).journey_title == "New"


def test_an_account_was_on_no_journey_before_there_was_one(kuura):
    own = kuura.journey(title="Ours", stages=stages("x y z"))
    assert kuura.now().journey == own.name
    assert kuura.now(as_of_revision=own.revision - 1).journey == DEFAULT
    delete_journey(kuura, own)
    assert kuura.now().journey == DEFAULT and kuura.now(as_of_revision=own.revision).journey == own.name


def test_a_stage_that_no_journey_ever_had_is_told_in_no_history(kuura):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        told(kuura, "pilot", "use", "FORWARD", 1_600_000_000, reason="so it was")
    assert reasons(refusal) == {"from_stage": "UNKNOWN_STAGE"}


@pytest.mark.parametrize("target", ["nan", "inf", "-inf"])
def test_what_a_measure_aims_at_is_a_number(kuura, target):
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.journey(title="Wrong", stages=stages("x y", y={"kpis": [{"title": "Days", "target": 1}, {"title": "K", "target": float(target)}]}))
    assert {path: field.reason for path, field in refusal.fields.items()} == {"journey.stages[1].kpis[1].target": "NOT_A_NUMBER"}


def test_history_of_another_system_is_taken_as_told(kuura):
    from google.protobuf.timestamp_pb2 import Timestamp
    told = []
    for day, (left, entered, move) in enumerate([("", "prospect", "ENTRY"), ("prospect", "evaluation", "FORWARD"),
                                                 ("evaluation", "former", "DROP")]):
        told.append(transition_pb2.StageTransition(
            journey=DEFAULT, from_stage=left, to_stage=entered, move=f"MOVE_{move}", reason="from the old system",
            moved_time=Timestamp(seconds=1_600_000_000 + day * 86_400), days_in_stage=day,
            external_ids=[{"system": "old", "id": str(day)}]))
    answer = kuura.transitions.BatchUpsertStageTransitions(transition_pb2.BatchUpsertStageTransitionsRequest(
        parent=kuura.account, stage_transitions=told))
    assert [result.error.message for result in answer.results] == [""] * 3
    now = kuura.now()
    assert now.stage.id == "former" and len(now.transitions) == 3
    told[0].move = transition_pb2.StageTransition.MOVE_DROP
    told[0].external_ids[0].id = "9"
    answer = kuura.transitions.BatchUpsertStageTransitions(transition_pb2.BatchUpsertStageTransitionsRequest(
        parent=kuura.account, stage_transitions=told[:1]))
    assert "another kind of move" in answer.results[0].error.message


def told(kuura, left, entered, move, when=None, **fields):
    from google.protobuf.timestamp_pb2 import Timestamp
    if when:
        fields["moved_time"] = Timestamp(seconds=when)
    return kuura.transitions.CreateStageTransition(transition_pb2.CreateStageTransitionRequest(
        parent=kuura.account, stage_transition=transition_pb2.StageTransition(**{
            "journey": DEFAULT, "from_stage": left, "to_stage": entered, "move": f"MOVE_{move}", **fields})))


def test_a_gap_in_a_told_story_moves_nobody(kuura):
    kuura.move("use", "service-knows", on="2026-03-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        told(kuura, "prospect", "evaluation", "FORWARD")
    assert reasons(refusal) == {"from_stage": "OUT_OF_ORDER"}
    assert "in use" in refusal.message and "moved_time" in refusal.message
    with refused(Code.INVALID_ARGUMENT) as refusal:
        told(kuura, "prospect", "evaluation", "FORWARD", external_ids=[{"system": "old", "id": "7"}])
    assert reasons(refusal) == {"from_stage": "OUT_OF_ORDER"}
    told(kuura, "prospect", "evaluation", "FORWARD", 1_600_000_000)
    assert kuura.now().stage.id == "use" and len(kuura.now().transitions) == 2


def test_history_comes_late_though_it_begins_where_the_customer_is_now(kuura):
    kuura.move("use", "service-knows", on="2026-06-01")
    loop = [("use", "renewal"), ("prospect", "use"), ("renewal", "use")]
    for index, (left, entered) in enumerate(loop):
        told(kuura, left, entered, "FORWARD", 1_600_000_000 + index * 86_400, external_ids=[{"system": "old", "id": entered + left}])
    told(kuura, "use", "renewal", "FORWARD", 1_650_000_000)
    now = kuura.now()
    assert now.stage.id == "use" and len(now.transitions) == 5
    with refused(Code.INVALID_ARGUMENT) as refusal:
        kuura.move("renewal", "value-shown", on="2025-02-01")
    assert reasons(refusal) == {"moved_time": "OUT_OF_ORDER"}
    with refused(Code.INVALID_ARGUMENT) as refusal:
        told(kuura, "use", "renewal", "UNSPECIFIED", 1_650_000_001)
    assert reasons(refusal) == {"moved_time": "OUT_OF_ORDER"}


def test_a_move_of_the_same_instant_takes_effect_whatever_ids_the_others_have(kuura):
    from google.protobuf.timestamp_pb2 import Timestamp
    kuura.transitions.CreateStageTransition(transition_pb2.CreateStageTransitionRequest(
        parent=kuura.account, stage_transition_id="old-x", stage_transition=transition_pb2.StageTransition(
            journey=DEFAULT, to_stage="prospect", move="MOVE_ENTRY", moved_time=Timestamp(seconds=1_600_000_000))))
    for stage in ("evaluation", "agreement"):
        kuura.move(stage, *CONFIRM[stage], moved_time="2020-09-13T12:26:40Z")
        assert kuura.now().stage.id == stage
    back = kuura.move("evaluation", backwards=True, reason="too soon", moved_time="2020-09-13T12:26:40Z")
    now = kuura.now()
    assert now.stage.id == "evaluation" and now.transitions[0].name == back.name
    kuura.revert(back.name)
    assert kuura.now().stage.id == "agreement"


def upsert(kuura, *moves):
    answer = kuura.transitions.BatchUpsertStageTransitions(transition_pb2.BatchUpsertStageTransitionsRequest(
        parent=kuura.account, stage_transitions=[
            transition_pb2.StageTransition(
                journey=DEFAULT, from_stage=left, to_stage=entered, move=f"MOVE_{move}", reason="from the old system",
                external_ids=[{"system": "old", "id": id}]) for id, left, entered, move in moves]))
    return [result.error.message for result in answer.results]


def test_told_moves_of_one_batch_follow_each_other_too(kuura):
    said = upsert(kuura, ("1", "", "prospect", "ENTRY"), ("2", "evaluation", "agreement", "FORWARD"),
                  ("3", "prospect", "evaluation", "FORWARD"))
    assert (said[0], said[2]) == ("", "") and "the account is in prospect" in said[1]
    assert kuura.now().stage.id == "evaluation"


def test_of_batches_that_tell_the_next_move_at_the_same_time_one_is_taken(kuura):
    kuura.move("prospect")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda n: upsert(kuura, (f"n{n}", "prospect", "evaluation", "FORWARD"))[0], range(8)))
    assert said.count("") == 1
    assert len(kuura.now().transitions) == 2


def test_a_move_that_tells_its_kind_is_asked_its_criteria_like_any_other(kuura):
    kuura.move("prospect", on="2026-03-01")
    with refused(Code.INVALID_ARGUMENT) as refusal:
        told(kuura, "prospect", "evaluation", "FORWARD", confirmed=["need-told"])
    assert reasons(refusal) == {"confirmed": "CRITERION_NOT_MET"} and "contact-known" in refusal.message
    kuura.person("Kaisa")
    kuura.purchase()
    moved = told(kuura, "prospect", "evaluation", "FORWARD", confirmed=["need-told"])
    states = transition_pb2.CriterionState
    assert {state.criterion: state.how for state in moved.criteria} == {
        "contact-known": states.HOW_CHECKED, "need-told": states.HOW_CONFIRMED, "purchase-open": states.HOW_CHECKED}


def test_another_system_is_not_asked_again_nor_what_somebody_confirmed(kuura):
    told(kuura, "", "prospect", "ENTRY", 1_600_000_000)
    moved = told(kuura, "prospect", "evaluation", "FORWARD", 1_600_100_000, principal="old.hand",
                 external_ids=[{"system": "old", "id": "1"}])
    assert moved.principal == "old.hand"
    criteria = [{"criterion": criterion, "how": "HOW_CONFIRMED"} for criterion in ("decider-known", "criteria-known", "chosen")]
    told(kuura, "evaluation", "agreement", "FORWARD", 1_600_200_000, criteria=criteria)
    assert kuura.now().stage.id == "agreement"


def test_what_the_server_is_said_to_have_seen_it_looks_at_itself(kuura):
    kuura.move("prospect", on="2026-03-01")
    seen = [{"criterion": criterion, "how": "HOW_CHECKED"} for criterion in ("contact-known", "need-told", "purchase-open")]
    with refused(Code.INVALID_ARGUMENT) as refusal:
        told(kuura, "prospect", "evaluation", "FORWARD", criteria=seen)
    assert reasons(refusal) == {"confirmed": "CRITERION_NOT_MET"}
    for fields in ({"when": 1_600_000_000}, {"external_ids": [{"system": "old", "id": "1"}]}):
        with refused(Code.INVALID_ARGUMENT) as refusal:
            told(kuura, "prospect", "evaluation", "FORWARD", criteria=seen, **fields)
        assert reasons(refusal) == {f"criteria[{index}].how": "SERVER_SAYS" for index in range(3)}
    kuura.person("Kaisa")
    kuura.purchase()
    moved = told(kuura, "prospect", "evaluation", "FORWARD", criteria=seen, confirmed=["need-told"])
    assert all(state.records or state.criterion == "need-told" for state in moved.criteria)


def test_what_the_server_saw_of_a_move_with_an_id_elsewhere_is_kept(kuura):
    kuura.move("prospect", on="2026-03-01")
    kuura.person("Kaisa")
    moved = told(kuura, "", "evaluation", "UNSPECIFIED", confirmed=["need-told", "purchase-open"],
                 external_ids=[{"system": "old", "id": "1"}])
    how = {state.criterion: state.how for state in moved.criteria}
    assert how["contact-known"] == transition_pb2.CriterionState.HOW_CHECKED


def test_nobody_moves_an_account_in_anothers_name_or_tells_a_move_as_taken_back(kuura):
    from google.protobuf.timestamp_pb2 import Timestamp
    entry = {"left": "", "entered": "prospect"}
    for move in ("UNSPECIFIED", "ENTRY"):
        with refused(Code.INVALID_ARGUMENT) as refusal:
            told(kuura, **entry, move=move, principal="somebody.else")
        assert reasons(refusal) == {"principal": "SERVER_SAYS"}
    taken_back = {"reverted": True, "reverted_time": Timestamp(seconds=1), "reverted_by": "aino", "revert_reason": "no"}
    for ids in ([], [{"system": "old", "id": "1"}]):
        with refused(Code.INVALID_ARGUMENT) as refusal:
            told(kuura, **entry, move="ENTRY", external_ids=ids, **taken_back)
        assert reasons(refusal) == dict.fromkeys(taken_back, "SERVER_SAYS")
    assert told(kuura, **entry, move="ENTRY", principal="aino").principal == "aino"


def exported(kuura, **fields):
    from google.protobuf.timestamp_pb2 import Timestamp
    move = transition_pb2.StageTransition(**{
        "journey": DEFAULT, "from_stage": "pilot", "to_stage": "prospect", "move": "MOVE_FORWARD",
        "moved_time": Timestamp(seconds=1_600_000_000), **fields})
    answer = kuura.transitions.BatchUpsertStageTransitions(transition_pb2.BatchUpsertStageTransitionsRequest(
        parent=kuura.account, stage_transitions=[move], new_records="NEW_RECORDS_AS_EXPORTED"))
    return answer.results[0]


def test_an_export_tells_what_happened_as_it_was(kuura):
    from google.protobuf.timestamp_pb2 import Timestamp
    assert "moved_time" in exported(kuura, moved_time=None, external_ids=[{"system": "x", "id": "1"}]).error.message
    assert "move" in exported(kuura, move=0, external_ids=[{"system": "x", "id": "1"}]).error.message
    seen = [{"criterion": "gone", "how": "HOW_CHECKED", "title": "Gone"}]
    for number, fields in enumerate([
            {"principal": "old.hand", "criteria": seen, "title": "Pilot → Prospect"},
            {"journey": "journeys/gone", "to_stage": "any", "moved_time": Timestamp(seconds=1_500_000_000)},
            {"reverted": True, "reverted_time": Timestamp(seconds=1_700_000_000), "reverted_by": "old.hand"}]):
        result = exported(kuura, external_ids=[{"system": "x", "id": str(number)}], **fields)
        assert result.error.message == ""
    now = kuura.now()
    assert (now.stage.id, len(now.transitions)) == ("prospect", 3)
    assert now.transitions[1].title == "Pilot → Prospect" and now.transitions[1].principal == "old.hand"


def test_an_account_on_a_journey_of_which_nothing_is_left_can_be_read(kuura):
    assert exported(kuura, journey="journeys/gone", external_ids=[{"system": "x", "id": "1"}]).error.message == ""
    now = kuura.now()
    assert (now.journey, now.journey_title, now.stage.id) == ("journeys/gone", "journeys/gone", "prospect")
    assert kuura.lifecycles.GetJourneyInUse(lifecycle_pb2.GetJourneyInUseRequest(account=kuura.account)).name == "journeys/gone"
    kuura.move("use", "service-knows", journey=DEFAULT, reason="theirs is gone")
    assert kuura.now().stage.id == "use"


CONFIRM = {
    "prospect": (), "evaluation": ("contact-known", "need-told", "purchase-open"),
    "agreement": ("decider-known", "criteria-known", "chosen")}


def walk(api, name, *steps, **account):
    life = Life(api, name, **account)
    for index, (stage, day) in enumerate(steps):
        reason = "lost to another" if stage == "former" else ""
        life.move(stage, *(CONFIRM.get(stage, ()) if index else ()), on=day, reason=reason)
    return life


def test_what_was_lost_with_a_customer_is_lost_once(kuura):
    own = kuura.journey(title="Ours", stages=stages("x lost former", lost={"is_end": True}))
    kuura.purchase(value={"currency": "EUR", "units": 10})
    kuura.move("x", journey=own.name)
    lost = [kuura.move(stage, reason="gone").lost_hundredths for stage in ("lost", "former", "lost")]
    assert lost == [1000, 0, 0]
    back = told(kuura, "", "x", "UNSPECIFIED", journey=own.name, reason="again", backwards=True, lost_hundredths=10**9, lost_currency="EUR")
    assert not back.HasField("lost_hundredths") and not back.lost_currency


def test_the_funnel_counts_who_came_went_on_and_dropped_out(api):
    walk(api, "A", ("prospect", "2026-01-01"), ("evaluation", "2026-01-11"), ("agreement", "2026-01-31"), country="FI")
    walk(api, "B", ("prospect", "2026-01-01"), ("evaluation", "2026-01-21"), country="SE")
    lost = Life(api, "C", country="FI")
    lost.purchase(value={"currency": "EUR", "units": 500})
    lost.move("prospect", on="2026-01-01")
    lost.move("former", reason="no budget", on="2026-01-31")
    taken_back = walk(api, "D", ("prospect", "2026-01-01"), ("former", "2026-01-02"))
    taken_back.revert(taken_back.now().transitions[0].name)
    funnel = lost.funnel(from_date="2026-01-01", to_date="2027-01-01", group_by="GROUPING_COUNTRY")
    stages = {stage.stage: stage for stage in funnel.stages}
    prospect = stages["prospect"]
    assert (prospect.entered, prospect.converted, prospect.dropped, prospect.present) == (4, 2, 1, 1)
    assert (prospect.median_days, prospect.expected_days) == (20, 90)
    assert abs(prospect.conversion - 2 / 3) < 1e-9 and abs(prospect.drop_off - 1 / 3) < 1e-9
    assert [(money.currency, money.units) for money in prospect.value_lost] == [("EUR", 500)]
    assert (stages["evaluation"].entered, stages["evaluation"].present, stages["agreement"].present) == (2, 1, 1)
    assert {segment.key for segment in funnel.segments} == {"FI", "SE", ""}
    finland = next(segment for segment in funnel.segments if segment.key == "FI").stages[0]
    assert (finland.entered, finland.converted, finland.dropped) == (2, 1, 1)
    assert funnel.bottlenecks[0].stage == "prospect"
    assert funnel.bottlenecks[0].evidence[0] == lost.now().transitions[0].name
    assert abs(sum(part.weight for part in funnel.bottlenecks[0].because) - funnel.bottlenecks[0].weight) < 1e-9


def test_a_funnel_of_a_period_that_cuts_months_counts_by_the_day(api):
    days = ["2025-12-31", "2026-01-14", "2026-01-15", "2026-02-28", "2026-03-01", "2026-03-14", "2026-03-15"]
    for index, day in enumerate(days):
        life = walk(api, f"A{index}", ("prospect", day), country="FI" if index % 2 else "SE")
    def entered(**period):
        funnel = life.funnel(group_by="GROUPING_COUNTRY", **period)
        assert sum(segment.stages[0].entered for segment in funnel.segments) == funnel.stages[0].entered
        return funnel.stages[0].entered, funnel.stages[0].present
    assert entered(from_date="2026-01-15", to_date="2026-03-15") == (4, 6)
    assert entered(from_date="2026-01-15", to_date="2026-01-16") == (1, 3)
    assert entered(from_date="2026-02-01", to_date="2026-03-01") == (1, 4)
    assert entered(from_date="2026-01-15") == (5, 7)
    assert entered(to_date="2026-01-15") == (2, 2)
    assert entered() == (7, 7)


def test_a_funnel_counts_only_what_happened_in_its_period(api):
    life = walk(api, "A", ("prospect", "2026-01-01"), ("evaluation", "2026-02-01"))
    january = {stage.stage: stage for stage in life.funnel(from_date="2026-01-01", to_date="2026-02-01").stages}
    assert (january["prospect"].entered, january["prospect"].present, january["evaluation"].entered) == (1, 1, 0)
    february = {stage.stage: stage for stage in life.funnel(from_date="2026-02-01").stages}
    assert (february["prospect"].entered, february["prospect"].converted, february["evaluation"].present) == (0, 1, 1)
    with refused(Code.INVALID_ARGUMENT) as refusal:
        life.funnel(from_date="2026-02-01", to_date="2026-01-01")
    assert refusal.fields["to_date"].reason == "EMPTY_SPAN"
