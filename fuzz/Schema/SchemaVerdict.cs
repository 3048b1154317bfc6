namespace Spindle.Fuzz.Schema;

/// <summary>What one side says of a document.</summary>
internal readonly record struct SchemaVerdict(SchemaAnswer Answer, int Line, string Message);

/// <summary>Well-formed and valid, well-formed alone, or neither.</summary>
internal enum SchemaAnswer
{
    Accept,
    Invalid,
    Malformed,
}
