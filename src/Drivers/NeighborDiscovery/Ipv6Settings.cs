using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Drivers.NeighborDiscovery;

/// <summary>Reads and writes the kernel's IPv6 settings of a link under <c>/proc/sys/net/ipv6/conf</c>.</summary>
public sealed class Ipv6Settings(Kernel kernel)
{
    private const string Root = "/proc/sys/net/ipv6/conf/";

    /// <summary>Octets of a link's name at most (IFNAMSIZ less its NUL).</summary>
    private const int NameLengthMax = 15;

    /// <summary>Sets a value; EINVAL for a name that no link can have, ENOENT if there is no such link or no IPv6.</summary>
    public Result Write(string interfaceName, Ipv6Setting setting, long value)
    {
        if (!IsName(interfaceName))
        {
            return Result.Fail(Errno.EINVAL);
        }

        Result file = kernel.Open(PathOf(interfaceName, setting), FileFlags.Write);
        if (!file.IsOk)
        {
            return file;
        }

        byte[] text = Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
        Result written = kernel.Write(file.Int, text);
        kernel.Close(file.Int);
        return written.IsOk ? Result.Ok() : written;
    }

    /// <summary>Reads a value; EINVAL for a name that no link can have, ENOENT if there is no such link or no IPv6.</summary>
    public Result Read(string interfaceName, Ipv6Setting setting)
    {
        if (!IsName(interfaceName))
        {
            return Result.Fail(Errno.EINVAL);
        }

        Span<byte> text = stackalloc byte[32];
        Result read = kernel.ReadFile(PathOf(interfaceName, setting), text);
        if (!read.IsOk)
        {
            return read;
        }

        return long.TryParse(text[..read.Int].TrimEnd((byte)'\n'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? Result.Ok(value)
            : Result.Fail(Errno.EPROTO);
    }

    /// <summary>True for what can be a link's name and only that: no way to another file, nor to all links at once.</summary>
    private static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Encoding.UTF8.GetByteCount(name) is 0 or > NameLengthMax || name is "." or ".." or "all" or "default")
        {
            return false;
        }

        foreach (char character in name)
        {
            if (character is '/' or ':' || char.IsWhiteSpace(character) || char.IsControl(character))
            {
                return false;
            }
        }

        return true;
    }

    private static string PathOf(string interfaceName, Ipv6Setting setting) => Root + interfaceName + "/" + setting switch
    {
        Ipv6Setting.DisableIpv6 => "disable_ipv6",
        Ipv6Setting.UseTemporaryAddresses => "use_tempaddr",
        Ipv6Setting.AcceptRouterAdvertisements => "accept_ra",
        Ipv6Setting.AcceptDefaultRouters => "accept_ra_defrtr",
        Ipv6Setting.AcceptPrefixes => "accept_ra_pinfo",
        Ipv6Setting.Autoconfigure => "autoconf",
        Ipv6Setting.RouterSolicitations => "router_solicitations",
        Ipv6Setting.DefaultRouterMetric => "ra_defrtr_metric",
    };
}
