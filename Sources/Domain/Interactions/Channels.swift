public import PunosMessages

extension Interaction.Channel {
  /// Whether people share a place or a line of the physical world, as far as the channel alone says.
  public var setting: Interaction.Setting {
    switch self {
    case .meeting, .phone, .event, .letter, .delivery: .offline
    case .video, .email, .chat, .web, .portal, .ticket, .social: .online
    default: .unspecified
    }
  }

  /// From whom it comes, as far as the channel alone says: what people speak with each other goes both ways.
  public var direction: Interaction.Direction { isConversation ? .mutual : .unspecified }

  /// Whether people speak with each other in it, so that it goes both ways by its nature.
  public var isConversation: Bool {
    switch self {
    case .meeting, .video, .phone: true
    default: false
    }
  }

  /// How much one interaction of two people tells of how well they know each other, with a meeting as one.
  ///
  /// The order is what matters: time given to each other's faces, then voices, then words, then business that no
  /// person need have touched.
  public var closeness: Double {
    switch self {
    case .meeting: 1
    case .video: 0.8
    case .phone: 0.7
    case .delivery: 0.5
    case .chat: 0.4
    case .email, .event, .letter: 0.3
    case .ticket: 0.25
    case .order: 0.15
    case .social: 0.1
    case .portal, .web, .invoice: 0.05
    default: 0.2
    }
  }
}
