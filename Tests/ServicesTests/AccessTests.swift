import Foundation
import ProtobufBridge
import PunosMessages
import RPC
import Store
import StoreSQLite
import Synchronization
import Testing

@testable import Services

/// The one question "may this principal do this to that": whoever answers it with no is obeyed by every method.
@Suite struct AccessTests {
  /// Refuses some actions, and notes what was asked.
  private final class Refusing: AccessPolicy {
    private let refused: Set<AccessAction>
    private let noted = Mutex<[AccessAction]>([])
    var asked: [AccessAction] { noted.withLock { $0 } }

    init(_ refused: Set<AccessAction>) { self.refused = refused }

    func decision(_ principal: Principal, _ action: AccessAction, _ resource: String) -> AccessDecision {
      noted.withLock { $0.append(action) }
      return refused.contains(action) ? .refused(reason: "Ask the team of \(resource).") : .allowed
    }
  }

  private static let everything: Set<AccessAction> = [.read, .create, .update, .delete, .erase, .restore]

  private let folder: StoreFolder
  private let store: SQLiteStore
  private let caller: Principal
  private let catalog = NounCatalog(schema: Schema.shared)

  init() throws {
    folder = try StoreFolder()
    let schema = try RecordSchema(schema: Schema.shared, fold: { $0.lowercased() })
    store = try SQLiteStore(directory: folder.path + "/store", schema: schema)
    caller = Principal(tenant: try TenantID("acme"), team: "sales", name: "aino")
  }

  private func world(_ policy: any AccessPolicy) -> ServiceWorld {
    ServiceWorld(store: store, catalog: catalog, access: policy, clock: { Moment(seconds: 1_780_000_000) })
  }

  private func put(_ keys: [RecordKey]) async throws {
    _ = try await store.commit(
      Commit(keys.map { .put($0, body: [], expecting: .any) }, actor: caller.actor), in: caller.tenant)
  }

  private func isRefused(_ what: String, _ call: () async throws -> Void) async {
    do {
      try await call()
      Issue.record("\(what) was answered")
    } catch let problem as Problem {
      #expect(problem.reason == "NOT_ALLOWED", "\(what): \(problem.message)")
    } catch let error as RPCError {
      #expect(error.code == .permissionDenied, "\(what): \(error.message)")
    } catch {
      Issue.record("\(what): \(error)")
    }
  }

  // MARK: Standard methods

  private func standardMethods<Rules: NounRules>(_ rules: Rules) async throws {
    let noun = try #require(catalog.nouns[Rules.kind])
    let isAccount = Rules.kind == NounCatalog.accountKind
    let home = isAccount ? "x" : noun.scope == .account ? "a" : nil
    let key = RecordKey(account: home, kind: Rules.kind, id: "x")
    try await put([key, try #require(NounCatalog.accountKey("a"))])
    let policy = Refusing(Self.everything)
    let service = try RecordService(world(policy), rules)
    let parent = service.isInAccount ? "accounts/a" : ""
    var value = Rules.Value()
    value.name = service.resourceName(key)
    let (name, options) = (value.name, WriteOptions())
    await isRefused("get \(noun.name)") { _ = try await service.get(name, asOf: nil, mask: [], by: caller) }
    await isRefused("list \(noun.name)") {
      _ = try await service.list(ListQuestion(parent: parent), by: caller)
    }
    await isRefused("create \(noun.name)") {
      _ = try await service.create(Rules.Value(), in: parent, id: "y", options, by: caller)
    }
    await isRefused("update \(noun.name)") {
      _ = try await service.update(value, mask: [], options, by: caller)
    }
    await isRefused("delete \(noun.name)") {
      _ = try await service.delete(name, etag: "", options, by: caller)
    }
    await isRefused("undelete \(noun.name)") {
      _ = try await service.undelete(name, etag: "", options, by: caller)
    }
    await isRefused("upsert \(noun.name)") {
      _ = try await service.batchUpsert([value], UpsertOptions(parent: parent, write: options), by: caller)
    }
    await isRefused("change \(noun.name)") {
      _ = try await service.change(name, etag: "", options, by: caller) { _, _ in [] }
    }
    #expect(policy.asked == [.read, .read, .create, .update, .delete, .update, .update, .update])
  }

  @Test func everyStandardMethodOfEveryKindAsks() async throws {
    let kinds: [any NounRules] = [
      AccountRules(), ContactRules(), CommitmentRules(), PurchaseRules(), CommitteeMemberRules(),
      JourneyRules(),
      StageTransitionRules(), InteractionRules(), RelationshipRules(), BusinessClaimRules(), InsightRules(),
      SignalRules(), EndCustomerSegmentRules(), ValueDriverRules(), FeedbackRules(), HandoverRules(),
      HandoverTemplateRules(),
    ]
    // What an account shows of a contact has no methods of its own.
    #expect(kinds.count == catalog.nouns.count - 1)
    for rules in kinds { try await standardMethods(rules) }
    await store.close()
  }

  @Test func anExportIsReadInOnlyByWhoMayRestore() async throws {
    let service = try RecordService(world(Refusing([.restore])), AccountRules())
    let account = Account.with { $0.displayName = "Kuura" }
    await isRefused("restore") {
      _ = try await service.batchUpsert(
        [account], UpsertOptions(write: WriteOptions(), newRecords: .asExported), by: caller)
    }
    let results = try await service.batchUpsert([account], UpsertOptions(write: WriteOptions()), by: caller)
    #expect(results.map(\.outcome) == [.created])
    await store.close()
  }

  @Test func theAnswerToARepeatedRequestIsAskedForToo() async throws {
    let account = Account.with { $0.displayName = "Kuura" }
    let options = WriteOptions(requestID: "once")
    _ = try await RecordService(world(OpenWithinTenant()), AccountRules())
      .create(account, in: "", id: "kuura", options, by: caller)
    let service = try RecordService(world(Refusing([.read])), AccountRules())
    await isRefused("a repeat") {
      _ = try await service.create(account, in: "", id: "kuura", options, by: caller)
    }
    await store.close()
  }

  // MARK: Other methods

  private func context() -> CallContext {
    let context = CallContext(service: "punos.v1.Test", method: "Test")
    context.connection.keep(caller)
    return context
  }

  @Test func whoMayNotReadIsNotToldWhetherThereIsSuchAPerson() async throws {
    let (world, context) = (world(Refusing(Self.everything)), context())
    for person in ["contacts/nobody", "contacts/email:nobody@kuura.example"] {
      await isRefused("person") {
        _ = try await PrivacyHandler(world).showPerson(.with { $0.name = person }, context)
      }
      await isRefused("erasure") {
        _ = try await PrivacyHandler(world).erasePerson(
          .with {
            $0.name = person
            $0.reason = "Asked"
          }, context)
      }
    }
    await store.close()
  }

  @Test func everyOtherMethodThatReadsAsks() async throws {
    let contact = RecordKey(account: nil, kind: NounCatalog.contactKind, id: "liisa")
    let handover = RecordKey(account: "a", kind: NounCatalog.handoverKind, id: "h")
    try await put([try #require(NounCatalog.accountKey("a")), handover])
    let liisa = Contact.with {
      $0.name = "contacts/liisa"
      $0.displayName = "Liisa"
    }.serialized()
    _ = try await store.commit(
      Commit([.put(contact, body: liisa, expecting: .any)], actor: caller.actor), in: caller.tenant)
    let world = world(Refusing(Self.everything))
    let (account, person, context) = ("accounts/a", "contacts/liisa", context())
    let network = NetworkHandler(world)
    let lifecycle = try LifecycleHandler(world)
    let value = ValueHandler(world)
    let insights = InsightReviewHandler(world, try RecordService(world, InsightRules()))
    let understanding = UnderstandingHandler(world, try RecordService(world, AccountRules()))
    let workflow = try HandoverWorkflowHandler(world)
    let calls: [(String, () async throws -> Void)] = [
      ("history", { _ = try await ChangeHandler(world).getHistory(.with { $0.name = account }, context) }),
      (
        "coverage",
        { _ = try await CoverageHandler(world).analyzeCoverage(.with { $0.account = account }, context) }
      ),
      (
        "experience",
        { _ = try await ExperienceHandler(world).getExperience(.with { $0.parent = account }, context) }
      ),
      (
        "template",
        {
          _ = try await workflow.findHandoverTemplate(
            .with {
              $0.fromTeam = "a"
              $0.toTeam = "b"
            }, context)
        }
      ),
      (
        "readiness",
        {
          _ = try await workflow.getHandoverReadiness(.with { $0.name = "accounts/a/handovers/h" }, context)
        }
      ),
      ("measures", { _ = try await workflow.getHandoverMeasures(.with { $0.parent = account }, context) }),
      ("ranking", { _ = try await insights.rankInsights(.with { $0.parent = account }, context) }),
      (
        "stale insights", { _ = try await insights.listStaleInsights(.with { $0.parent = account }, context) }
      ),
      ("rhythm", { _ = try await RhythmHandler(world).getRhythm(.with { $0.name = account }, context) }),
      ("journey", { _ = try await lifecycle.getJourneyInUse(.with { $0.account = account }, context) }),
      ("lifecycle", { _ = try await lifecycle.getLifecycle(.with { $0.account = account }, context) }),
      ("funnel", { _ = try await lifecycle.getFunnel(.init(), context) }),
      (
        "strength",
        {
          _ = try await network.getStrength(
            .with {
              $0.from = person
              $0.to = "contacts/olli"
            }, context)
        }
      ),
      ("path", { _ = try await network.findPath(.with { $0.to = person }, context) }),
      ("map", { _ = try await network.getRelationshipMap(.with { $0.name = account }, context) }),
      ("person", { _ = try await PrivacyHandler(world).showPerson(.with { $0.name = person }, context) }),
      (
        "erasure",
        {
          _ = try await PrivacyHandler(world).erasePerson(
            .with {
              $0.name = person
              $0.reason = "Asked"
            }, context)
        }
      ),
      ("purchases", { _ = try await PurchaseAnalysisHandler(world).summarizePurchases(.init(), context) }),
      ("search", { _ = try await SearchHandler(world).search(.with { $0.query = "kuura" }, context) }),
      (
        "understanding",
        { _ = try await understanding.getUnderstanding(.with { $0.name = account }, context) }
      ),
      ("portfolio", { _ = try await understanding.getPortfolioUnderstanding(.init(), context) }),
      ("ladder", { _ = try await value.getValueLadder(.with { $0.name = account }, context) }),
    ]
    for (what, call) in calls { await isRefused(what, call) }
    await store.close()
  }
}
