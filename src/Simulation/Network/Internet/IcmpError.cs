using Spindle.Kernels;

namespace Spindle.Simulation.Network.Internet;

/// <summary>What an ICMP error means for the socket whose packet it quotes (<c>man 7 ip</c>, <c>man 7 udp</c>).</summary>
/// <param name="Error">The errno.</param>
/// <param name="IsFatal">It will not get better by itself: connected UDP sockets hear of such errors alone.</param>
/// <param name="Mtu">Of a packet that was too long: what would fit; else 0.</param>
internal readonly record struct IcmpError(Errno Error, bool IsFatal, int Mtu = 0)
{
    /// <summary>Codes of "destination unreachable" (RFC 792, RFC 1122).</summary>
    public static IcmpError UnreachableV4(byte code, int mtu) => code switch
    {
        0 or 5 or 11 => new(code == 5 ? Errno.EOPNOTSUPP : Errno.ENETUNREACH, false),
        1 or 12 => new(Errno.EHOSTUNREACH, false),
        2 => new(Errno.ENOPROTOOPT, true),
        3 => new(Errno.ECONNREFUSED, true),
        4 => new(Errno.EMSGSIZE, true, mtu),
        6 or 9 => new(Errno.ENETUNREACH, true),
        _ => new(Errno.EHOSTUNREACH, true),
    };

    /// <summary>Codes of "destination unreachable" (RFC 4443, section 3.1).</summary>
    public static IcmpError UnreachableV6(byte code) => code switch
    {
        0 => new(Errno.ENETUNREACH, false),
        1 or 5 or 6 => new(Errno.EACCES, true),
        4 => new(Errno.ECONNREFUSED, true),
        _ => new(Errno.EHOSTUNREACH, false),
    };

    /// <summary>It took too many hops, or too long.</summary>
    public static IcmpError TimeExceeded { get; } = new(Errno.EHOSTUNREACH, false);

    /// <summary>Something in the packet was not understood.</summary>
    public static IcmpError ParameterProblem { get; } = new(Errno.EPROTO, true);
}
