"""Accounts, people and committees as the tests of decisions and lifecycles make them."""


class Deciding:
    """A customer with people, purchases and a committee."""

    def __init__(self, api, name="Kuura", **account):
        from punos.v1 import (
            account_pb2, committee_member_pb2, contact_pb2, coverage_pb2, coverage_pb2_grpc, committee_member_pb2_grpc,
            purchase_pb2, purchase_pb2_grpc)
        self.api = api
        self.pb = {
            "account": account_pb2, "contact": contact_pb2, "member": committee_member_pb2, "coverage": coverage_pb2,
            "purchase": purchase_pb2}
        self.members = committee_member_pb2_grpc.CommitteeMemberServiceStub(api.channel)
        self.purchases = purchase_pb2_grpc.PurchaseServiceStub(api.channel)
        self.coverage = coverage_pb2_grpc.CoverageServiceStub(api.channel)
        self.account = api.accounts.CreateAccount(account_pb2.CreateAccountRequest(
            account=account_pb2.Account(display_name=name, status="STATUS_CURRENT", **account))).name

    def person(self, name, employed=True, **employment):
        contact = self.pb["contact"]
        employments = [{"account": self.account, **employment}] if employed else []
        return self.api.contacts.CreateContact(contact.CreateContactRequest(
            contact=contact.Contact(display_name=name, employments=employments))).name

    def purchase(self, title="New ERP", **fields):
        purchase = self.pb["purchase"]
        return self.purchases.CreatePurchase(purchase.CreatePurchaseRequest(
            parent=self.account, purchase=purchase.Purchase(title=title, **fields)))

    def member(self, contact, role="ROLE_CHAMPION", parent=None, **fields):
        member = self.pb["member"]
        return self.members.CreateCommitteeMember(member.CreateCommitteeMemberRequest(
            parent=parent or self.account,
            committee_member=member.CommitteeMember(contact=contact, role=role, **fields)))

    def analyze(self, **request):
        return self.coverage.AnalyzeCoverage(self.pb["coverage"].AnalyzeCoverageRequest(
            account=self.account, **request))

    def kinds(self, **request):
        kinds = self.pb["coverage"].CoverageFinding.Kind
        return [kinds.Name(finding.kind).removeprefix("KIND_") for finding in self.analyze(**request).findings]
