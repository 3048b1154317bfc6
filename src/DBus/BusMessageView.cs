using System;

namespace Spindle.DBus;

/// <summary>A whole message as it came: its header is checked, its body is not yet read.</summary>
public readonly ref struct BusMessageView
{
    /// <summary>Octets that the fixed part of a header takes, with the length of its fields.</summary>
    public const int HeaderSizeMin = 16;

    private readonly bool isBigEndian;

    private BusMessageView(scoped in Fields fields, ReadOnlySpan<byte> path, ReadOnlySpan<byte> @interface,
        ReadOnlySpan<byte> member, ReadOnlySpan<byte> errorName, ReadOnlySpan<byte> destination,
        ReadOnlySpan<byte> sender, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> body)
    {
        isBigEndian = fields.IsBigEndian;
        Kind = fields.Kind;
        Flags = fields.Flags;
        Serial = fields.Serial;
        ReplySerial = fields.ReplySerial;
        Path = path;
        Interface = @interface;
        Member = member;
        ErrorName = errorName;
        Destination = destination;
        Sender = sender;
        Signature = signature;
        Body = body;
    }

    /// <summary>What it is; an unknown kind is to be ignored.</summary>
    public BusMessageKind Kind { get; }

    /// <summary>Its flags.</summary>
    public BusMessageFlags Flags { get; }

    /// <summary>The sender's number for it.</summary>
    public uint Serial { get; }

    /// <summary>The number of the call that it answers; 0 = none.</summary>
    public uint ReplySerial { get; }

    /// <summary>The object; empty = none.</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>The interface; empty = none.</summary>
    public ReadOnlySpan<byte> Interface { get; }

    /// <summary>The method or signal; empty = none.</summary>
    public ReadOnlySpan<byte> Member { get; }

    /// <summary>The name of the error; empty = none.</summary>
    public ReadOnlySpan<byte> ErrorName { get; }

    /// <summary>To whom; empty = to all.</summary>
    public ReadOnlySpan<byte> Destination { get; }

    /// <summary>From whom, as the bus says; empty without a bus.</summary>
    public ReadOnlySpan<byte> Sender { get; }

    /// <summary>The types in the body.</summary>
    public ReadOnlySpan<byte> Signature { get; }

    /// <summary>The body, as marshalled.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Reads one whole message.</summary>
    /// <returns>False if it is not exactly one, or its header breaks the specification.</returns>
    public static bool TryParse(ReadOnlySpan<byte> message, out BusMessageView view)
    {
        view = default;
        if (message.Length < HeaderSizeMin || message[0] is not ((byte)'l' or (byte)'B') || message[3] != 1)
        {
            return false;
        }

        Fields fields = new() { IsBigEndian = message[0] == 'B', Kind = (BusMessageKind)message[1], Flags = (BusMessageFlags)message[2] };
        BusCursor cursor = new(message, fields.IsBigEndian);
        cursor.TryTake(4, out _);
        cursor.TryUInt32(out uint bodyLength);
        cursor.TryUInt32(out fields.Serial);
        if (!cursor.TryArray((byte)'(', out int fieldsLength) || fields.Serial == 0 || fields.Kind == BusMessageKind.Invalid)
        {
            return false;
        }

        int fieldsEnd = cursor.At + fieldsLength;
        ReadOnlySpan<byte> path = default, face = default, member = default, error = default;
        ReadOnlySpan<byte> destination = default, sender = default, signature = default;
        while (cursor.At < fieldsEnd)
        {
            if (!cursor.TryAlign(8) || !cursor.TryByte(out byte code) || !cursor.TryVariantSignature(out ReadOnlySpan<byte> type))
            {
                return false;
            }

            bool isGood = (BusHeaderField)code switch
            {
                BusHeaderField.Path => type is [(byte)'o'] && cursor.TryPath(out path),
                BusHeaderField.Interface => type is [(byte)'s'] && cursor.TryName(BusHeaderField.Interface, out face),
                BusHeaderField.Member => type is [(byte)'s'] && cursor.TryName(BusHeaderField.Member, out member),
                BusHeaderField.ErrorName => type is [(byte)'s'] && cursor.TryName(BusHeaderField.ErrorName, out error),
                BusHeaderField.Destination => type is [(byte)'s'] && cursor.TryName(BusHeaderField.Destination, out destination),
                BusHeaderField.Sender => type is [(byte)'s'] && cursor.TryName(BusHeaderField.Sender, out sender),
                BusHeaderField.ReplySerial => type is [(byte)'u'] && cursor.TryUInt32(out fields.ReplySerial) && fields.ReplySerial != 0,
                BusHeaderField.Signature => type is [(byte)'g'] && cursor.TrySignature(out signature),
                _ => BusValueReader.TrySkip(ref cursor, type),
            };
            if (!isGood)
            {
                return false;
            }
        }

        if (cursor.At != fieldsEnd || !cursor.TryAlign(8) || bodyLength != message.Length - cursor.At)
        {
            return false;
        }

        view = new BusMessageView(
            in fields, path, face, member, error, destination, sender, signature, message[cursor.At..]);
        return view.HasWhatItsKindNeeds();
    }

    /// <summary>Reads the body into values.</summary>
    /// <param name="countMax">The most values, containers and all, that are read.</param>
    /// <param name="values">One for each complete type of the signature.</param>
    /// <returns>False if the body is not what the signature says, or there is too much of it.</returns>
    public bool TryReadBody(int countMax, out BusValue[] values) =>
        BusValueReader.TryRead(Body, Signature, isBigEndian, countMax, out values);

    private bool HasWhatItsKindNeeds() => Kind switch
    {
        BusMessageKind.MethodCall => !Path.IsEmpty && !Member.IsEmpty,
        BusMessageKind.Signal => !Path.IsEmpty && !Interface.IsEmpty && !Member.IsEmpty,
        BusMessageKind.MethodReturn => ReplySerial != 0,
        BusMessageKind.Error => ReplySerial != 0 && !ErrorName.IsEmpty,
        _ => true,
    };

    private struct Fields
    {
        public bool IsBigEndian;
        public BusMessageKind Kind;
        public BusMessageFlags Flags;
        public uint Serial;
        public uint ReplySerial;
    }
}
