namespace Spindle.Protocols.Http;

/// <summary>What matters of a response's head.</summary>
/// <param name="StatusCode">Three digits, 0 to 999; what they mean is the reader's affair.</param>
/// <param name="HasConnManStatus">True if there is a header <c>X-ConnMan-Status</c>, whatever it says.</param>
/// <param name="Location">The first Location header as it came, trimmed; null if there is none or it is not ASCII.</param>
public readonly record struct HttpResponseHead(int StatusCode, bool HasConnManStatus, string? Location);
