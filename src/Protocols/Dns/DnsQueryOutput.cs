namespace Spindle.Protocols.Dns;

/// <summary>What is to be done for a query.</summary>
public enum DnsQueryOutputKind : byte
{
    /// <summary>Make a socket towards the server, its local port random; TCP: connect it.</summary>
    OpenSocket,

    /// <summary>Send the attempt's question (<see cref="DnsQuery.QuestionOf"/>).</summary>
    SendQuestion,

    /// <summary>Close the attempt's socket.</summary>
    CloseSocket,

    /// <summary>Hand out <see cref="DnsQuery.Result"/>; all sockets are closed.</summary>
    Finish,
}

/// <summary>One thing to be done for a query.</summary>
/// <param name="Kind">What.</param>
/// <param name="Attempt">For which attempt.</param>
/// <param name="Server">Which server the attempt goes to.</param>
/// <param name="Transport">How it goes there.</param>
public readonly record struct DnsQueryOutput(
    DnsQueryOutputKind Kind, int Attempt, DnsServer Server, DnsTransport Transport);
