using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>A BOOTP message with DHCP's options (RFC 2131, section 2; RFC 2132), as servers read it.</summary>
internal readonly ref struct BootMessage
{
    public const int FixedSize = 236;
    public const byte Request = 1;
    public const byte Reply = 2;
    public const uint Cookie = 0x6382_5363;

    private readonly ReadOnlySpan<byte> octets;
    private readonly byte overload;

    private BootMessage(ReadOnlySpan<byte> octets)
    {
        this.octets = octets;
        overload = FindOverload();
    }

    public byte Operation => octets[0];

    public byte HardwareType => octets[1];

    public byte HardwareSize => octets[2];

    public byte Hops => octets[3];

    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);

    public ushort Seconds => BinaryPrimitives.ReadUInt16BigEndian(octets[8..]);

    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(octets[10..]);

    /// <summary>The client asks for a broadcast reply.</summary>
    public bool IsBroadcastWanted => Flags >> 15 != 0;

    /// <summary>ciaddr.</summary>
    public IpAddress ClientAddress => At(12);

    /// <summary>yiaddr.</summary>
    public IpAddress YourAddress => At(16);

    /// <summary>siaddr.</summary>
    public IpAddress NextServer => At(20);

    /// <summary>giaddr.</summary>
    public IpAddress Relay => At(24);

    /// <summary>chaddr, as an Ethernet address.</summary>
    public MacAddress ClientHardware => MacAddress.Read(octets[28..]);

    /// <summary>The ten octets of chaddr behind an Ethernet address.</summary>
    public ReadOnlySpan<byte> HardwarePadding => octets.Slice(34, 10);

    /// <summary>sname and file: they may hold options (RFC 2132, section 9.3).</summary>
    public ReadOnlySpan<byte> ServerName => octets.Slice(44, 64);

    public ReadOnlySpan<byte> File => octets.Slice(108, 128);

    /// <summary>Behind the magic cookie.</summary>
    public ReadOnlySpan<byte> Options => octets[(FixedSize + 4)..];

    /// <summary>Octets of all of it.</summary>
    public int Size => octets.Length;

    /// <summary>Option 53; 0 if it is not there.</summary>
    public byte Type => TryFind(DhcpOptions.MessageType, stackalloc byte[2], out ReadOnlySpan<byte> value) && value.Length == 1 ? value[0] : (byte)0;

    public static bool TryParse(ReadOnlySpan<byte> octets, out BootMessage message, out string problem)
    {
        message = default;
        problem = octets.Length < FixedSize + 4 ? "BOOTP message cut short"
            : BinaryPrimitives.ReadUInt32BigEndian(octets[FixedSize..]) != Cookie ? "magic cookie wrong"
            : "";
        if (problem.Length > 0)
        {
            return false;
        }

        DhcpOptionScan scan = new(octets[(FixedSize + 4)..]);
        while (scan.TryNext(out _, out _))
        {
        }

        message = new(octets);
        problem = scan.IsBroken ? "option goes over the end" : !scan.HasEnd ? "no end option" : "";
        return problem.Length == 0;
    }

    /// <summary>An option's value, its pieces put together (RFC 3396); of sname and file too if option 52 says so.</summary>
    /// <param name="code">Which.</param>
    /// <param name="scratch">Room for the pieces; more is cut off.</param>
    /// <param name="value">The value.</param>
    public bool TryFind(byte code, Span<byte> scratch, out ReadOnlySpan<byte> value)
    {
        int length = 0;
        bool isFound = Collect(Options, code, scratch, ref length);
        isFound |= (overload & 1) != 0 && Collect(File, code, scratch, ref length);
        isFound |= (overload & 2) != 0 && Collect(ServerName, code, scratch, ref length);
        value = scratch[..length];
        return isFound;
    }

    /// <summary>True if the option is there.</summary>
    public bool Has(byte code) => TryFind(code, [], out _);

    /// <summary>An option that is one IPv4 address.</summary>
    public bool TryFindAddress(byte code, out IpAddress address)
    {
        address = default;
        return TryFind(code, stackalloc byte[8], out ReadOnlySpan<byte> value) && value.Length == 4
            && IpAddress.TryRead(value, out address);
    }

    /// <summary>An option that is seconds; all ones are for ever.</summary>
    public bool TryFindSeconds(byte code, out TimeSpan span)
    {
        span = default;
        if (!TryFind(code, stackalloc byte[8], out ReadOnlySpan<byte> value) || value.Length != 4)
        {
            return false;
        }

        uint seconds = BinaryPrimitives.ReadUInt32BigEndian(value);
        span = seconds == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>What a server knows the client by: option 61, or the hardware address (RFC 2131, section 4.2).</summary>
    public string ClientKey => TryFind(DhcpOptions.ClientIdentifier, stackalloc byte[512], out ReadOnlySpan<byte> value)
        ? "id " + Convert.ToHexString(value)
        : "hw " + ClientHardware.ToIdent();

    private byte FindOverload()
    {
        Span<byte> scratch = stackalloc byte[8];
        int length = 0;
        return Collect(Options, DhcpOptions.Overload, scratch, ref length) && length == 1 ? scratch[0] : (byte)0;
    }

    private static bool Collect(ReadOnlySpan<byte> options, byte code, Span<byte> scratch, ref int length)
    {
        bool isFound = false;
        DhcpOptionScan scan = new(options);
        while (scan.TryNext(out byte at, out ReadOnlySpan<byte> value))
        {
            if (at == code)
            {
                isFound = true;
                int fitting = Math.Min(value.Length, scratch.Length - length);
                value[..fitting].CopyTo(scratch[length..]);
                length += fitting;
            }
        }

        return isFound;
    }

    private IpAddress At(int offset) => IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[offset..]));
}
