namespace Spindle.Protocols.Rtnetlink;

/// <summary>Messages and attributes begin at multiples of four octets (<c>NLMSG_ALIGN</c>).</summary>
public static class NetlinkAlignment
{
    /// <summary>The next multiple of four.</summary>
    public static int Align(int length) => (length + 3) & ~3;
}
