using System;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Fuzz.Targets;

/// <summary>DHCP messages, the leases in them, and the client that is told them.</summary>
public static class DhcpFuzz
{
    private static readonly MacAddress Ours = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    private static readonly IpAddress Server = IpAddress.FromV4(192, 0, 2, 1);

    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new(
        "dhcp",
        [
            Message(DhcpMessageType.Offer, 0),
            Message(DhcpMessageType.Acknowledge, 0),
            Message(DhcpMessageType.Acknowledge, 300),
            Message(DhcpMessageType.Refuse, 0),
            Overloaded(),
        ],
        Run);

    private static void Run(byte[] input)
    {
        CheckWire(input);
        CheckLease(input);
        CheckClient(input);
    }

    /// <summary>What is read is written and read again as the same.</summary>
    private static void CheckWire(byte[] input)
    {
        if (!DhcpMessage.TryRead(input, out DhcpMessage? message))
        {
            return;
        }

        byte[] written = new byte[message!.Size];
        message.Write(written);
        if (!DhcpMessage.TryRead(written, out DhcpMessage? again) || !message.Equals(again))
        {
            throw new InvalidOperationException("What was written is not what was read.");
        }
    }

    /// <summary>A lease that is accepted is one that a host can bear.</summary>
    private static void CheckLease(byte[] input)
    {
        if (!DhcpLease.TryRestore(input, Instant.Zero, out DhcpLease? lease))
        {
            return;
        }

        uint address = lease!.Address.Address.ToV4();
        bool isSound = address is >= 0x0100_0000 and < 0xE000_0000 && address >> 24 != 127
            && lease.Address.Length is >= 8 and <= 32
            && lease.LeaseTime >= TimeSpan.FromSeconds(10)
            && (lease.LeaseTime == TimeSpan.MaxValue
                || (lease.RenewalTime < lease.RebindingTime && lease.RebindingTime < lease.LeaseTime));
        foreach (string name in lease.SearchDomains)
        {
            isSound &= name.Length is > 0 and <= 253 && !name.Contains('\n', StringComparison.Ordinal);
        }

        if (!isSound || !DhcpLease.TryRestore(lease.Acknowledgement.Span, Instant.Zero, out DhcpLease? again)
            || !lease.Equals(again))
        {
            throw new InvalidOperationException($"An unsound lease: {lease}");
        }
    }

    /// <summary>Whatever a client is told in any state, it says what comes next.</summary>
    private static void CheckClient(byte[] input)
    {
        if (!DhcpPacket.TryParse(input, out DhcpPacket packet, out _))
        {
            return;
        }

        DhcpClient client = new(new DhcpClientConfiguration { HardwareAddress = Ours }, packet.TransactionId);
        Instant now = Instant.FromSeconds(1);
        client.Step(DhcpInput.Started(packet.Seconds % 2 == 0 ? default : packet.YourAddress), now);
        for (int i = 0; i < 8; i++)
        {
            uint transactionId = 0;
            while (client.TryTake(out DhcpOutput output))
            {
                transactionId = output.Message?.TransactionId ?? transactionId;
            }

            byte[] answer = (byte[])input.Clone();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), transactionId);
            Ours.Write(answer.AsSpan(28));
            if (DhcpPacket.TryParse(answer, out DhcpPacket told, out _))
            {
                client.Step(DhcpInput.MessageReceived(told), now);
            }

            if (client.Deadline <= now)
            {
                throw new InvalidOperationException($"Due at once in {client.State}.");
            }

            while (client.TryTake(out _))
            {
            }

            now = client.Deadline.IsNever ? now : client.Deadline;
            client.Step(DhcpInput.TimePassed, now);
        }
    }

    private static byte[] Message(DhcpMessageType type, int longOption)
    {
        DhcpOptionList options = new DhcpOptionList()
            .Add(DhcpOptionCode.MessageType, (byte)type)
            .Add(DhcpOptionCode.ServerIdentifier, Server)
            .AddUInt32(DhcpOptionCode.LeaseTime, 3600)
            .AddUInt32(DhcpOptionCode.RenewalTime, 1800)
            .AddUInt32(DhcpOptionCode.RebindingTime, 3150)
            .Add(DhcpOptionCode.SubnetMask, IpAddress.FromV4(255, 255, 255, 0))
            .Add(DhcpOptionCode.Router, Server)
            .Add(DhcpOptionCode.DomainNameServer, [192, 0, 2, 1, 198, 51, 100, 1])
            .AddText(DhcpOptionCode.DomainName, "example.org")
            .AddText(DhcpOptionCode.HostName, "host")
            .AddUInt16(DhcpOptionCode.InterfaceMtu, 1400)
            .Add(DhcpOptionCode.DomainSearch, [3, (byte)'l', (byte)'a', (byte)'b', 0, 1, (byte)'a', 0xC0, 0])
            .Add(DhcpOptionCode.ClasslessStaticRoute, [0, 192, 0, 2, 1, 24, 10, 1, 2, 192, 0, 2, 3])
            .AddText(DhcpOptionCode.CaptivePortal, "https://192.0.2.1/captive")
            .AddText(DhcpOptionCode.ProxyAutoConfiguration, "http://192.0.2.1/wpad.dat");
        if (longOption > 0)
        {
            options.Add((DhcpOptionCode)224, new byte[longOption]);
        }

        DhcpMessage message = new()
        {
            IsReply = true,
            TransactionId = 1,
            YourAddress = IpAddress.FromV4(192, 0, 2, 50),
            ClientHardwareAddress = Ours,
            Options = options,
        };
        byte[] octets = new byte[message.Size];
        message.Write(octets);
        return octets;
    }

    private static byte[] Overloaded()
    {
        byte[] octets = Message(DhcpMessageType.Acknowledge, 0);
        ReadOnlySpan<byte> host = [12, 4, (byte)'f', (byte)'i', (byte)'l', (byte)'e', 255];
        host.CopyTo(octets.AsSpan(108));
        host.CopyTo(octets.AsSpan(44));
        ReadOnlySpan<byte> overload = [52, 1, 3];
        octets.AsSpan(240, octets.Length - 243).CopyTo(octets.AsSpan(243));
        overload.CopyTo(octets.AsSpan(240));
        return octets;
    }
}
