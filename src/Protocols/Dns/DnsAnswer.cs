using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>The addresses in a response: those of the name, or of what it is an alias of.</summary>
public static class DnsAnswer
{
    /// <summary>The most aliases followed; the same as most resolvers follow.</summary>
    public const int AliasesMax = 16;

    /// <summary>Collects addresses, following aliases inside this response.</summary>
    /// <param name="message">A response to the question.</param>
    /// <param name="name">The name asked about.</param>
    /// <param name="type">A or AAAA.</param>
    /// <param name="addresses">Where they go; more than fit are left out.</param>
    /// <param name="timeToLiveSeconds">The shortest on the way; 0 if there is no address.</param>
    /// <returns>How many addresses; 0 also where the aliases loop or lead out of the response.</returns>
    public static int Collect(
        in DnsMessage message, DnsName name, DnsType type, Span<IpAddress> addresses, out uint timeToLiveSeconds)
    {
        Span<byte> owner = stackalloc byte[DnsName.WireSizeMax];
        name.Wire.CopyTo(owner);
        int ownerLength = name.Wire.Length;
        timeToLiveSeconds = uint.MaxValue;
        for (int hops = 0; hops <= AliasesMax; hops++)
        {
            int count = CollectOf(message, owner[..ownerLength], type, addresses, ref timeToLiveSeconds);
            if (count > 0)
            {
                return count;
            }

            if (!TryFollow(message, owner, ref ownerLength, ref timeToLiveSeconds))
            {
                break;
            }
        }

        timeToLiveSeconds = 0;
        return 0;
    }

    private static int CollectOf(
        in DnsMessage message, ReadOnlySpan<byte> owner, DnsType type, Span<IpAddress> addresses, ref uint ttl)
    {
        Span<byte> name = stackalloc byte[DnsName.WireSizeMax];
        int count = 0;
        foreach (DnsRecord record in message.Answers)
        {
            if (record.Type == type && count < addresses.Length && record.TryGetAddress(out IpAddress address)
                && name[..record.CopyName(name)].SequenceEqual(owner))
            {
                addresses[count++] = address;
                ttl = Math.Min(ttl, record.TimeToLiveSeconds);
            }
        }

        return count;
    }

    private static bool TryFollow(in DnsMessage message, Span<byte> owner, ref int ownerLength, ref uint ttl)
    {
        Span<byte> name = stackalloc byte[DnsName.WireSizeMax];
        foreach (DnsRecord record in message.Answers)
        {
            if (record.Type == DnsType.Cname && record.Class == DnsMessage.InternetClass
                && name[..record.CopyName(name)].SequenceEqual(owner[..ownerLength]))
            {
                ownerLength = record.CopyTarget(owner);
                ttl = Math.Min(ttl, record.TimeToLiveSeconds);
                return true;
            }
        }

        return false;
    }
}
