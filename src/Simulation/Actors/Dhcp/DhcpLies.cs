using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors.Dhcp;

/// <summary>Puts a <see cref="DhcpLie"/> into a reply that was right.</summary>
internal static class DhcpLies
{
    /// <summary>A client must get along with such a server as with any.</summary>
    public static bool IsAllowed(DhcpLie lie) => lie <= DhcpLie.InfiniteLease;

    /// <summary>A client that follows such a reply breaks a rule.</summary>
    public static bool MustNotBeFollowed(DhcpLie lie) => lie is >= DhcpLie.WrongTransaction and <= DhcpLie.BadSubnetMask;

    /// <summary>Any of them but <see cref="DhcpLie.None"/>.</summary>
    public static DhcpLie Draw(Choices choices) => (DhcpLie)choices.Between(1, (int)DhcpLie.BrokenRoutes);

    /// <summary>Changes what has fields; what is wrong in form comes in <see cref="Spoil"/>.</summary>
    public static void Apply(DhcpLie lie, BootReply reply, IpAddress server, Choices choices)
    {
        switch (lie)
        {
            case DhcpLie.OptionsInServerName:
                reply.IsOverloaded = true;
                break;
            case DhcpLie.OptionInPieces:
                reply.Add(224, new byte[600]);
                break;
            case DhcpLie.ManyUnknownOptions:
                AddUnknown(reply, choices);
                break;
            case DhcpLie.TinyMessage:
                reply.SizeMin = 0;
                break;
            case DhcpLie.EmptyOptions:
                reply.Replace(DhcpOptions.Router);
                reply.Replace(DhcpOptions.NameServers);
                reply.Replace(DhcpOptions.DomainName);
                break;
            case DhcpLie.EndlessNameCompression:
                reply.Replace(DhcpOptions.DomainSearch, 1, (byte)'a', 0xC0, 0x00, 0xC0, 0x04);
                break;
            case DhcpLie.NotTextInText:
                reply.Replace(DhcpOptions.DomainName, 0xFF, 0x00, (byte)'\n', 0xC3, 0x28, (byte)';');
                reply.Replace(DhcpOptions.HostName, (byte)'$', (byte)'(', (byte)'x', (byte)')', 0);
                break;
            default:
                ApplyToExchange(lie, reply, choices);
                ApplyToLease(lie, reply, server);
                break;
        }
    }

    /// <summary>Changes the octets of the message.</summary>
    public static byte[] Spoil(DhcpLie lie, byte[] octets, Choices choices)
    {
        switch (lie)
        {
            case DhcpLie.CutShort:
                return octets[..choices.Between(0, octets.Length - 1)];
            case DhcpLie.Garbage:
                byte[] garbage = new byte[choices.Between(0, 1400)];
                choices.Fill(garbage);
                return garbage;
            default:
                return octets;
        }
    }

    private static void AddUnknown(BootReply reply, Choices choices)
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] value = new byte[choices.Between(0, 40)];
            choices.Fill(value);
            reply.Add((byte)choices.Between(225, 250), value);
        }
    }

    private static void ApplyToExchange(DhcpLie lie, BootReply reply, Choices choices)
    {
        switch (lie)
        {
            case DhcpLie.WrongTransaction:
                reply.TransactionId ^= 1u << choices.Between(0, 31);
                break;
            case DhcpLie.WrongHardwareAddress:
                reply.ClientHardware = MacAddress.Read([2, 0, 0, 0, 0, 99]);
                break;
            case DhcpLie.WrongClientIdentifier:
                reply.Replace(DhcpOptions.ClientIdentifier, 0, 1, 2, 3);
                break;
            case DhcpLie.WrongOperation:
                reply.Operation = BootMessage.Request;
                break;
            case DhcpLie.WrongCookie:
                reply.CookieValue ^= 0x100;
                break;
            case DhcpLie.WrongServerIdentifier:
                reply.Replace(DhcpOptions.ServerIdentifier, 0, 0, 0, 0);
                break;
            case DhcpLie.NoServerIdentifier:
                reply.Remove(DhcpOptions.ServerIdentifier);
                break;
            case DhcpLie.NoMessageType:
                reply.Remove(DhcpOptions.MessageType);
                break;
            case DhcpLie.OtherMessageType:
                reply.Replace(DhcpOptions.MessageType, choices.Pick<byte>([0, 1, 3, 4, 7, 8, 13, 200]));
                break;
            case DhcpLie.NoEnd:
                reply.HasEnd = false;
                break;
            case DhcpLie.OptionOverTheEnd:
                reply.Tail = [DhcpOptions.HostName, 250, 1];
                reply.HasEnd = false;
                reply.SizeMin = 0;
                break;
        }
    }

    private static void ApplyToLease(DhcpLie lie, BootReply reply, IpAddress server)
    {
        switch (lie)
        {
            case DhcpLie.InfiniteLease:
                reply.Replace(DhcpOptions.LeaseTime, 255, 255, 255, 255);
                reply.Remove(DhcpOptions.RenewalTime);
                reply.Remove(DhcpOptions.RebindingTime);
                break;
            case DhcpLie.NoAddress:
                reply.YourAddress = IpAddress.AnyV4;
                break;
            case DhcpLie.MulticastAddress:
                reply.YourAddress = IpAddress.FromV4(224, 0, 0, 5);
                break;
            case DhcpLie.LoopbackAddress:
                reply.YourAddress = IpAddress.FromV4(127, 0, 0, 2);
                break;
            case DhcpLie.BroadcastAddress:
                reply.YourAddress = IpAddress.BroadcastV4;
                break;
            case DhcpLie.ServersOwnAddress:
                reply.YourAddress = server;
                break;
            case DhcpLie.NoLeaseTime:
                reply.Remove(DhcpOptions.LeaseTime);
                break;
            case DhcpLie.ZeroLease:
                reply.Replace(DhcpOptions.LeaseTime, 0, 0, 0, 0);
                break;
            case DhcpLie.ShortLeaseTimeOption:
                reply.Replace(DhcpOptions.LeaseTime, 0, 60);
                break;
            case DhcpLie.BadSubnetMask:
                reply.Replace(DhcpOptions.SubnetMask, 255, 0, 255, 0);
                break;
            case DhcpLie.NoSubnetMask:
                reply.Remove(DhcpOptions.SubnetMask);
                break;
            case DhcpLie.RenewalAfterTheEnd:
                reply.Replace(DhcpOptions.RenewalTime, 0x7F, 0, 0, 0);
                reply.Replace(DhcpOptions.RebindingTime, 0, 0, 0, 1);
                break;
            case DhcpLie.RouterElsewhere:
                reply.Replace(DhcpOptions.Router, 198, 18, 77, 1);
                break;
            case DhcpLie.RouterIsTheClient:
                reply.Remove(DhcpOptions.Router);
                reply.Add(DhcpOptions.Router, reply.YourAddress);
                break;
            case DhcpLie.AddressElsewhere:
                reply.YourAddress = IpAddress.FromV4(reply.YourAddress.ToV4() ^ 0x0040_0000);
                break;
            case DhcpLie.NameServerNowhere:
                reply.Replace(DhcpOptions.NameServers, 0, 0, 0, 0, 255, 255, 255, 255, 127, 0, 0, 1, 9);
                break;
            case DhcpLie.TinyMtu:
                reply.Replace(DhcpOptions.Mtu, 0, 1);
                break;
            case DhcpLie.BrokenRoutes:
                reply.Replace(DhcpOptions.ClasslessRoutes, 33, 10, 0, 0, 0, 24, 10);
                break;
        }
    }
}
