using System;
using System.Linq;
using Spindle.DBus;
using Spindle.DBus.Libdbus;

namespace Spindle.Fuzz.Targets;

/// <summary>Marshalled D-Bus messages: what the reference reads, we read; what we read, we write and read again the same;
/// and no message, however wrong, gets more out of the object table than an answer.</summary>
public static class DBusMessageFuzz
{
    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new("dbus-message", [Call(), Signal(), Error()], Run);

    private static readonly BusInterface<object> Description = new BusInterface<object>("net.connman.Manager")
        .Method("SetProperty", [BusArgument.In("name", "s"), BusArgument.In("value", "v")], static (_, call) => call.Reply())
        .WithProperties(static (_, writer) => writer.Entry("State", "idle"));

    private static void Run(byte[] octets)
    {
        bool isRead = BusMessageView.TryParse(octets, out BusMessageView message);
        BusValue[] values = [];
        isRead = isRead && message.TryReadBody(int.MaxValue, out values);
        bool isReference = Reference.TryRoundTrip(octets, out byte[]? again) && again.AsSpan().SequenceEqual(octets);
        if (isReference && !isRead && octets.Length < BusNames.PathLengthMax)
        {
            throw new InvalidOperationException("The reference reads what we do not.");
        }

        if (isRead)
        {
            Dispatch(message);
            Rewrite(BusText.Read(message.Signature), values);
        }
    }

    private static void Dispatch(in BusMessageView message)
    {
        int answers = 0;
        ObjectTable table = new(static () => new string('0', 32));
        table.Add("/", new object(), Description);
        table.Dispatch(message, new BusOutbox(_ => answers++));
        if (answers > 1)
        {
            throw new InvalidOperationException("One call, more than one answer.");
        }
    }

    // Descriptors ('h') are only numbers without the socket that brings them: we do not write them.
    private static void Rewrite(string signature, BusValue[] values)
    {
        string text = string.Join(' ', values.Select(static value => value.ToString()));
        if (Array.Exists(values, HasDescriptor))
        {
            return;
        }

        BusWriter writer = new();
        writer.Begin(new BusHeader { Kind = BusMessageKind.MethodReturn, Serial = 1, ReplySerial = 1, Signature = signature });
        Array.ForEach(values, writer.WriteValue);
        bool isSame = BusMessageView.TryParse(writer.Finish(), out BusMessageView again)
            && again.TryReadBody(int.MaxValue, out BusValue[] reread)
            && string.Join(' ', reread.Select(static value => value.ToString())) == text;
        if (!isSame)
        {
            throw new InvalidOperationException("What we wrote is not what we read.");
        }
    }

    private static bool HasDescriptor(BusValue value) => value.Signature.Contains('h', StringComparison.Ordinal)
        || (value.IsVariant && HasDescriptor(value.Content)) || value.Items.Any(HasDescriptor);

    private static byte[] Call() => Write(
        new BusHeader
        {
            Kind = BusMessageKind.MethodCall,
            Serial = 7,
            Path = "/",
            Interface = "net.connman.Manager",
            Member = "SetProperty",
            Destination = "net.connman",
            Sender = ":1.7",
            Signature = "sv",
        },
        static writer =>
        {
            writer.WriteString("OfflineMode");
            writer.WriteVariant(true);
        });

    private static byte[] Signal() => Write(
        new BusHeader
        {
            Kind = BusMessageKind.Signal,
            Serial = 8,
            Path = "/net/connman",
            Interface = "net.connman.Service",
            Member = "PropertyChanged",
            Signature = "ybnqiuxtdsoga{sv}a(oas)ay",
        },
        static writer =>
        {
            writer.WriteByte(1);
            writer.WriteBoolean(true);
            writer.WriteInt16(-2);
            writer.WriteUInt16(3);
            writer.WriteInt32(-4);
            writer.WriteUInt32(5);
            writer.WriteInt64(-6);
            writer.WriteUInt64(7);
            writer.WriteDouble(0.5);
            writer.WriteString("häh");
            writer.WriteObjectPath("/a/b");
            writer.WriteSignature("a{sv}"u8);
            writer.OpenArray();
            writer.Entry("Method", "dhcp");
            writer.OpenDictionary("IPv4");
            writer.Entry("Servers", ["a", "b"]);
            writer.CloseDictionary();
            writer.CloseArray();
            writer.OpenArray();
            writer.OpenStruct();
            writer.WriteObjectPath("/");
            writer.WriteStrings(["x"]);
            writer.CloseStruct();
            writer.CloseArray();
            writer.OpenArray();
            writer.WriteByte(9);
            writer.CloseArray();
        });

    private static byte[] Error() => Write(
        new BusHeader { Kind = BusMessageKind.Error, Serial = 9, ReplySerial = 7, ErrorName = "net.connman.Error.Failed", Signature = "s" },
        static writer => writer.WriteString("No such thing"));

    private static byte[] Write(in BusHeader header, Action<BusWriter> body)
    {
        BusWriter writer = new();
        writer.Begin(header);
        body(writer);
        return writer.Finish().ToArray();
    }
}
