using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>What fields and options a client's message may and must have: RFC 2131, table 5, and RFC 2132.</summary>
internal sealed class DhcpMessageForm(LinkMonitor link)
{
    private const int SizeMin = 300;
    private string? clientKey;

    /// <summary>What the client calls itself; null before its first message.</summary>
    public string? ClientKey => clientKey;

    /// <summary>Options that DECLINE and RELEASE must not carry.</summary>
    private static ReadOnlySpan<byte> OnlyForRequests =>
    [
        DhcpOptions.LeaseTime, DhcpOptions.ParameterList, DhcpOptions.MaximumSize, DhcpOptions.VendorClass,
        DhcpOptions.HostName, DhcpOptions.RapidCommit,
    ];

    public void Check(in EthernetFrame frame, in IpDatagram packet, in UdpMessage datagram, in BootMessage message)
    {
        CheckFixedPart(message);
        CheckOptions(message);
        CheckAddressing(frame, packet, datagram, message);
        CheckType(message);
        string key = message.ClientKey;
        clientKey ??= key;
        if (key != clientKey)
        {
            link.Violate("a client's identifier stays the same (RFC 2131, section 4.2)", $"{key}, not {clientKey}");
            clientKey = key;
        }
    }

    private void CheckFixedPart(in BootMessage message)
    {
        string wrong = message.Operation != BootMessage.Request ? "op"
            : message.HardwareType != 1 || message.HardwareSize != 6 ? "htype, hlen"
            : message.Hops != 0 ? "hops"
            : message.ClientHardware != link.HardwareAddress ? "chaddr"
            : message.HardwarePadding.ContainsAnyExcept((byte)0) ? "chaddr's padding"
            : (message.Flags & 0x7FFF) != 0 ? "flags"
            : !message.YourAddress.IsUnspecified ? "yiaddr"
            : !message.NextServer.IsUnspecified ? "siaddr"
            : !message.Relay.IsUnspecified ? "giaddr"
            : message.ServerName.ContainsAnyExcept((byte)0) ? "sname"
            : message.File.ContainsAnyExcept((byte)0) ? "file"
            : message.Size < SizeMin ? "size below 300 (RFC 1542, section 2.1)"
            : "";
        if (wrong.Length > 0)
        {
            link.Violate("the fixed fields are a client's (RFC 2131, table 5)", wrong);
        }
    }

    private void CheckOptions(in BootMessage message)
    {
        Span<bool> seen = stackalloc bool[256];
        DhcpOptionScan scan = new(message.Options);
        while (scan.TryNext(out byte code, out ReadOnlySpan<byte> value))
        {
            if (seen[code])
            {
                link.Violate("an option appears once (RFC 2131, section 4.1)", $"option {code}");
            }

            seen[code] = true;
            bool isRight = code switch
            {
                DhcpOptions.MessageType => value.Length == 1 && value[0] is >= 1 and <= 8,
                DhcpOptions.RequestedAddress or DhcpOptions.ServerIdentifier => value.Length == 4,
                DhcpOptions.MaximumSize => value.Length == 2 && (value[0] << 8 | value[1]) >= 576,
                DhcpOptions.ClientIdentifier => value.Length >= 2,
                DhcpOptions.RapidCommit => value.Length == 0,
                DhcpOptions.LeaseTime => value.Length == 4,
                _ => value.Length >= 1,
            };
            if (!isRight)
            {
                link.Violate("an option has the length of RFC 2132", $"option {code}, {value.Length} octets");
            }
        }

        if (!seen[DhcpOptions.MessageType])
        {
            link.Violate("a message has a type (RFC 2131, section 3)", "");
        }
    }

    private void CheckAddressing(in EthernetFrame frame, in IpDatagram packet, in UdpMessage datagram, in BootMessage message)
    {
        bool isUnicast = packet.Destination != IpAddress.BroadcastV4;
        bool isExtension = message.Type == DhcpOptions.Request && !message.ClientAddress.IsUnspecified;
        bool mustBeUnicast = message.Type == DhcpOptions.Release;
        bool mayBeUnicast = mustBeUnicast || isExtension;
        if ((isUnicast && !mayBeUnicast) || (!isUnicast && mustBeUnicast))
        {
            link.Violate("broadcast and unicast are as in RFC 2131, section 4.4", $"type {message.Type} to {packet.Destination}");
        }

        bool isFromNobody = packet.Source.IsUnspecified;
        if ((isUnicast && packet.Source != message.ClientAddress) || (!isUnicast && !isFromNobody && packet.Source != message.ClientAddress))
        {
            link.Violate("a message comes from 0.0.0.0 or the client's own address (RFC 2131, section 4.1)", $"type {message.Type} from {packet.Source}");
        }

        if (datagram.SourcePort != 68)
        {
            link.Violate("a client sends from port 68 (RFC 2131, section 4.1)", datagram.SourcePort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (!isUnicast && frame.Destination != MacAddress.Broadcast)
        {
            link.Violate("a broadcast goes to the line's broadcast address", frame.Destination.ToString());
        }
    }

    private void CheckType(in BootMessage message)
    {
        bool hasServer = message.Has(DhcpOptions.ServerIdentifier);
        bool hasAddress = message.Has(DhcpOptions.RequestedAddress);
        bool hasOwn = !message.ClientAddress.IsUnspecified;
        string wrong = message.Type switch
        {
            DhcpOptions.Discover => hasServer ? "server identifier in DISCOVER" : hasOwn ? "ciaddr in DISCOVER" : "",
            DhcpOptions.Request => hasOwn && (hasServer || hasAddress) ? "ciaddr with options 50 or 54 in REQUEST" : "",
            DhcpOptions.Decline => !hasServer || !hasAddress || hasOwn ? "DECLINE without options 50 and 54, or with ciaddr" : "",
            DhcpOptions.Release => !hasServer || hasAddress || !hasOwn ? "RELEASE without option 54 and ciaddr, or with option 50" : "",
            DhcpOptions.Inform => !hasOwn ? "INFORM without ciaddr" : "",
            _ => "a server's message type",
        };
        if (wrong.Length == 0 && message.Type is DhcpOptions.Decline or DhcpOptions.Release)
        {
            foreach (byte code in OnlyForRequests)
            {
                wrong = message.Has(code) ? $"option {code} in a DECLINE or RELEASE" : wrong;
            }

            wrong = message.IsBroadcastWanted ? "broadcast flag in a DECLINE or RELEASE" : wrong;
        }

        if (wrong.Length > 0)
        {
            link.Violate("fields and options are those of the type (RFC 2131, table 5)", wrong);
        }
    }
}
