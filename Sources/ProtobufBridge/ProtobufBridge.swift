// ProtobufBridge
