using System;
using System.Text;
using Spindle.DBus;
using Spindle.DBus.Libdbus;

namespace Spindle.Fuzz.Targets;

/// <summary>Names, paths, signatures and text: we find valid exactly what the reference finds valid, and what we make
/// valid, it accepts.</summary>
public static class DBusTextFuzz
{
    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new(
        "dbus-text",
        ["/net/connman/service/ethernet_0_cable"u8.ToArray(), "net.connman.Manager"u8.ToArray(), ":1.42"u8.ToArray(),
         "a(oa{sv})a{sv}(ii)aai"u8.ToArray(), "GetProperties"u8.ToArray(), "häh \ud83d\ude00"u8.ToArray()],
        Run);

    private static void Run(byte[] octets)
    {
        byte[] valid = new byte[BusText.ValidLengthMax(octets.Length)];
        int length = BusText.MakeValid(octets, valid);
        Check(BusText.IsValid(valid.AsSpan(0, length)) && Reference.IsValid(Reference.Form.Text, valid.AsSpan(0, length)), "made valid");
        Check(!BusText.IsValid(octets) || octets.AsSpan().SequenceEqual(valid.AsSpan(0, length)), "valid is left alone");
        string text = Encoding.Latin1.GetString(octets);
        byte[] wide = new byte[BusText.ValidLengthMax(text)];
        Check(BusText.IsValid(wide.AsSpan(0, BusText.MakeValid(text, wide))), "made valid from characters");
        if (octets.AsSpan().Contains((byte)0) || octets.Length >= BusNames.PathLengthMax)
        {
            return;
        }

        Same(Reference.Form.Text, octets, BusText.IsValid(octets));
        Same(Reference.Form.Signature, octets, BusSignature.IsValid(octets));
        Same(Reference.Form.Path, octets, BusNames.IsObjectPath(text));
        Same(Reference.Form.Interface, octets, BusNames.IsInterface(text));
        Same(Reference.Form.Member, octets, BusNames.IsMember(text));
        Same(Reference.Form.BusName, octets, BusNames.IsBusName(text));
    }

    private static void Same(Reference.Form form, byte[] octets, bool isValid) =>
        Check(Reference.IsValid(form, octets) == isValid, $"{form}: we say {isValid}");

    private static void Check(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(what);
        }
    }
}
