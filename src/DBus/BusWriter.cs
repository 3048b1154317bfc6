using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Spindle.DBus;

/// <summary>Writes one message as it goes on the wire, little-endian, straight into one buffer that is used again.</summary>
/// <remarks>
/// The signature is known first, so each value is held against it: a value of another type, or one too many or too few,
/// is the caller's mistake and throws <see cref="InvalidOperationException"/>. Text is made valid on the way
/// (<see cref="BusText"/>); an invalid object path throws <see cref="ArgumentException"/>.
/// Arrays need no type: <c>OpenArray</c> takes it from the signature. Only a variant names its own.
/// </remarks>
public sealed class BusWriter
{
    /// <summary>The most octets in a message: what a bus daemon takes on the system bus by default.</summary>
    public const int SizeMax = 32 * 1024 * 1024;

    private readonly SignatureWalk walk = new();
    private byte[] buffer = new byte[512];
    private int bodyAt;

    /// <summary>Octets written so far, with the header.</summary>
    public int Length { get; private set; }

    /// <summary>True between <see cref="Begin"/> and <see cref="Finish"/>.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Starts a message; whatever was being written is dropped.</summary>
    public void Begin(in BusHeader header)
    {
        IsBusy = true;
        Length = 0;
        bodyAt = 0;
        (int signatureAt, int signatureLength) = header.Write(this);
        Align(8);
        bodyAt = Length;
        walk.Start(signatureAt, signatureLength);
    }

    /// <summary>Ends the message.</summary>
    /// <returns>The whole message; good until the next <see cref="Begin"/>.</returns>
    /// <exception cref="InvalidOperationException">The signature promises more, or a container is open.</exception>
    public ReadOnlySpan<byte> Finish()
    {
        walk.Finish();
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4), Length - bodyAt);
        IsBusy = false;
        return buffer.AsSpan(0, Length);
    }

    /// <summary>Gives up the message: what was written is dropped.</summary>
    public void Abandon() => IsBusy = false;

    /// <summary>Writes <c>y</c>.</summary>
    public void WriteByte(byte value)
    {
        walk.Expect(buffer, (byte)'y');
        Reserve(1)[0] = value;
    }

    /// <summary>Writes <c>b</c>.</summary>
    public void WriteBoolean(bool value)
    {
        walk.Expect(buffer, (byte)'b');
        PutUInt32(value ? 1u : 0);
    }

    /// <summary>Writes <c>n</c>.</summary>
    public void WriteInt16(short value)
    {
        walk.Expect(buffer, (byte)'n');
        Align(2);
        BinaryPrimitives.WriteInt16LittleEndian(Reserve(2), value);
    }

    /// <summary>Writes <c>q</c>.</summary>
    public void WriteUInt16(ushort value)
    {
        walk.Expect(buffer, (byte)'q');
        Align(2);
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);
    }

    /// <summary>Writes <c>i</c>.</summary>
    public void WriteInt32(int value)
    {
        walk.Expect(buffer, (byte)'i');
        PutUInt32((uint)value);
    }

    /// <summary>Writes <c>u</c>.</summary>
    public void WriteUInt32(uint value)
    {
        walk.Expect(buffer, (byte)'u');
        PutUInt32(value);
    }

    /// <summary>Writes <c>x</c>.</summary>
    public void WriteInt64(long value)
    {
        walk.Expect(buffer, (byte)'x');
        PutUInt64((ulong)value);
    }

    /// <summary>Writes <c>t</c>.</summary>
    public void WriteUInt64(ulong value)
    {
        walk.Expect(buffer, (byte)'t');
        PutUInt64(value);
    }

    /// <summary>Writes <c>d</c>.</summary>
    public void WriteDouble(double value)
    {
        walk.Expect(buffer, (byte)'d');
        PutUInt64(BitConverter.DoubleToUInt64Bits(value));
    }

    /// <summary>Writes <c>s</c>; what cannot go on the bus is replaced.</summary>
    public void WriteString(string text)
    {
        walk.Expect(buffer, (byte)'s');
        PutText(text);
    }

    /// <summary>Writes <c>s</c> from octets that should be UTF-8; what is not, is replaced.</summary>
    public void WriteString(ReadOnlySpan<byte> text)
    {
        walk.Expect(buffer, (byte)'s');
        PutText(text);
    }

    /// <summary>Writes <c>o</c>.</summary>
    /// <exception cref="ArgumentException">Not an object path.</exception>
    public void WriteObjectPath(string path)
    {
        if (!BusNames.IsObjectPath(path))
        {
            throw new ArgumentException($"'{path}' is not an object path.", nameof(path));
        }

        walk.Expect(buffer, (byte)'o');
        PutText(path);
    }

    /// <summary>Writes <c>g</c>.</summary>
    /// <exception cref="ArgumentException">Not a signature.</exception>
    public void WriteSignature(ReadOnlySpan<byte> signature)
    {
        if (!BusSignature.IsValid(signature))
        {
            throw new ArgumentException("Not a signature.", nameof(signature));
        }

        walk.Expect(buffer, (byte)'g');
        PutSignature(signature);
    }

    /// <summary>Begins an array; its element type is the signature's.</summary>
    public void OpenArray()
    {
        byte element = walk.EnterArray(buffer);
        Align(4);
        int lengthAt = Length;
        Reserve(4);
        Align(BusSignature.Alignment(element));
        walk.SetArray(lengthAt, Length);
    }

    /// <summary>Ends an array.</summary>
    public void CloseArray()
    {
        (int lengthAt, int firstAt) = walk.LeaveArray();
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(lengthAt), Length - firstAt);
    }

    /// <summary>Begins a struct.</summary>
    public void OpenStruct()
    {
        walk.Enter(buffer, (byte)'(');
        Align(8);
    }

    /// <summary>Ends a struct.</summary>
    public void CloseStruct() => walk.Leave(buffer, (byte)')');

    /// <summary>Begins a dictionary's entry: a key and a value follow.</summary>
    public void OpenEntry()
    {
        walk.Enter(buffer, (byte)'{');
        Align(8);
    }

    /// <summary>Ends a dictionary's entry.</summary>
    public void CloseEntry() => walk.Leave(buffer, (byte)'}');

    /// <summary>Begins a variant with a value of one complete type.</summary>
    /// <exception cref="ArgumentException">Not one complete type.</exception>
    public void OpenVariant(ReadOnlySpan<byte> signature)
    {
        if (!BusSignature.IsSingle(signature))
        {
            throw new ArgumentException("A variant has exactly one complete type.", nameof(signature));
        }

        walk.Expect(buffer, (byte)'v');
        PutSignature(signature);
        walk.EnterVariant(Length - 1 - signature.Length, signature.Length);
    }

    /// <summary>Ends a variant.</summary>
    public void CloseVariant() => walk.LeaveVariant();

    internal void Align(int boundary)
    {
        int padding = -Length & (boundary - 1);
        if (padding > 0)
        {
            Reserve(padding).Clear();
        }
    }

    internal Span<byte> Reserve(int count)
    {
        int at = Length;
        if (count > buffer.Length - at)
        {
            Grow(count);
        }

        Length = at + count;
        return buffer.AsSpan(at, count);
    }

    internal void PutUInt32(uint value)
    {
        Align(4);
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
    }

    internal void PutText(ReadOnlySpan<char> text)
    {
        Align(4);
        int lengthAt = Length;
        int most = BusText.ValidLengthMax(text) + 5;
        Span<byte> room = Reserve(most);
        int written = BusText.MakeValid(text, room[4..]);
        CloseText(lengthAt, written);
    }

    internal void PutText(ReadOnlySpan<byte> text)
    {
        Align(4);
        int lengthAt = Length;
        if (BusText.IsValid(text))
        {
            text.CopyTo(Reserve(text.Length + 5)[4..]);
            CloseText(lengthAt, text.Length);
            return;
        }

        int written = BusText.MakeValid(text, Reserve(BusText.ValidLengthMax(text.Length) + 5)[4..]);
        CloseText(lengthAt, written);
    }

    internal void PutSignature(ReadOnlySpan<byte> signature)
    {
        Span<byte> room = Reserve(signature.Length + 2);
        room[0] = (byte)signature.Length;
        signature.CopyTo(room[1..]);
        room[^1] = 0;
    }

    internal void Patch(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(at), value);

    private void PutUInt64(ulong value)
    {
        Align(8);
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
    }

    private void CloseText(int lengthAt, int written)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(lengthAt), written);
        buffer[lengthAt + 4 + written] = 0;
        Length = lengthAt + 5 + written;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        if (count > SizeMax - Length)
        {
            throw new BusMessageTooLongException();
        }

        Array.Resize(ref buffer, (int)Math.Min(SizeMax, Math.Max(buffer.Length * 2L, (long)Length + count)));
    }
}
