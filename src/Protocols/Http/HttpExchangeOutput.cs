using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>What is to be done for an exchange.</summary>
public enum HttpExchangeOutputKind : byte
{
    /// <summary>Make a socket and connect it to the address.</summary>
    Connect,

    /// <summary>Send <see cref="HttpExchange.Request"/>.</summary>
    SendRequest,

    /// <summary>Close the socket.</summary>
    Close,

    /// <summary>Hand out <see cref="HttpExchange.Result"/>. The connection may go on for a while, to end in order.</summary>
    Report,
}

/// <summary>One thing to be done for an exchange.</summary>
/// <param name="Kind">What.</param>
/// <param name="Address">Where to connect.</param>
/// <param name="Port">And to which port, in host order.</param>
public readonly record struct HttpExchangeOutput(HttpExchangeOutputKind Kind, IpAddress Address = default, ushort Port = 0);
