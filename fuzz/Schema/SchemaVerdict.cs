using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Fuzz.Schema;

/// <summary>What one side says of a document.</summary>
internal readonly record struct SchemaVerdict(OracleVerdict Answer, int Line, string Message);
