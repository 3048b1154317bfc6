using System.Text;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>Messages that went between Debian's libvirtd 9.0.0 and virsh, octet for octet; texts are written as texts.</summary>
internal static class Samples
{
    private const string EthernetAndMac =
        "00000004 65746831 00000011 61613a62623a63633a64643a65653a6666 000000";

    public static byte[] AuthListCall => Wire.Hex("0000001c 20008086 00000001 00000042 00000000 00000000 00000000").Octets();

    public static byte[] AuthListReply =>
        Wire.Hex("00000024 20008086 00000001 00000042 00000001 00000000 00000000 00000001 00000000").Octets();

    public static byte[] SupportsFeatureCall =>
        Wire.Hex("00000020 20008086 00000001 0000003c 00000000 00000001 00000000 0000000a").Octets();

    public static byte[] SupportsFeatureReply =>
        Wire.Hex("00000020 20008086 00000001 0000003c 00000001 00000001 00000000 00000001").Octets();

    public static byte[] OpenCall =>
        Wire.Hex("0000003c 20008086 00000001 00000001 00000000 00000002 00000000 00000001 00000013")
            .Raw(Encoding.ASCII.GetBytes("interface:///system\0")).Raw(0, 0, 0, 0).Octets();

    public static byte[] ListAllCall =>
        Wire.Hex("00000024 20008086 00000001 0000011c 00000000 00000006 00000000 00000001 00000003").Octets();

    public static byte[] ListAllReply =>
        Wire.Hex("00000044 20008086 00000001 0000011c 00000001 00000006 00000000 00000001" + EthernetAndMac + "00000001").Octets();

    public static byte[] IsActiveCall =>
        Wire.Hex("0000003c 20008086 00000001 0000009c 00000000 00000007 00000000" + EthernetAndMac).Octets();

    public static byte[] IsActiveReply =>
        Wire.Hex("00000020 20008086 00000001 0000009c 00000001 00000007 00000000 00000001").Octets();

    public static byte[] LookupError =>
        Wire.Hex("000000d0 20008086 00000001 00000080 00000001 00000006 00000001 00000039 0000001a 00000001 0000003b")
            .Raw(Encoding.ASCII.GetBytes("Interface not found: couldn't find interface named 'nosuch'\0"))
            .Raw(Wire.Hex("00000002 00000000 00000001 00000017").Octets())
            .Raw(Encoding.ASCII.GetBytes("Interface not found: %s\0"))
            .Raw(Wire.Hex("00000001 00000026").Octets())
            .Raw(Encoding.ASCII.GetBytes("couldn't find interface named 'nosuch'\0\0"))
            .Raw(Wire.Hex("00000000 ffffffff ffffffff 00000000").Octets()).Octets();

    public static byte[] CreateCall =>
        Wire.Hex("00000040 20008086 00000001 00000085 00000000 00000010 00000000" + EthernetAndMac + "00000000").Octets();

    public static byte[] CreateReply => Wire.Hex("0000001c 20008086 00000001 00000085 00000001 00000010 00000000").Octets();

    public static byte[] CreateError =>
        Wire.Hex("00000090 20008086 00000001 00000085 00000001 00000010 00000001 00000037 0000000c 00000001 00000020")
            .Raw(Encoding.ASCII.GetBytes("Requested operation is not valid"))
            .Raw(Wire.Hex("00000002 00000000 00000001 00000020").Octets())
            .Raw(Encoding.ASCII.GetBytes("Requested operation is not valid"))
            .Raw(Wire.Hex("00000000 00000000 ffffffff ffffffff 00000000").Octets()).Octets();

    public static byte[] Ping => Wire.Hex("0000001c 6b656570 00000001 00000001 00000002 00000000 00000000").Octets();

    /// <summary>A network has come; there are no such networks here, but its header and its shape are libvirtd's.</summary>
    public static byte[] NetworkEvent =>
        Wire.Hex("00000044 20008086 00000001 0000013b 00000002 00000001 00000000 00000000 00000007")
            .Raw(Encoding.ASCII.GetBytes("default\0"))
            .Raw(Wire.Hex("00112233445566778899aabbccddeeff 00000003 00000000").Octets()).Octets();
}
