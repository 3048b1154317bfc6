namespace Spindle.Kernels;

/// <summary>Kinds of socket (<c>SOCK_*</c>). Every socket is made close-on-exec and non-blocking.</summary>
public enum SocketType
{
    /// <summary>Octets in order.</summary>
    Stream = 1,

    /// <summary>Datagrams.</summary>
    Datagram = 2,

    /// <summary>Protocol by protocol.</summary>
    Raw = 3,

    /// <summary>Messages in order.</summary>
    SequentialPacket = 5,
}
