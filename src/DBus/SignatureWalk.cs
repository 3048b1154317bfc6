using System;

namespace Spindle.DBus;

/// <summary>Where a writer stands in its signature, container by container.</summary>
/// <remarks>Signatures are not copied: positions are into the message, which carries each signature before its value.</remarks>
internal sealed class SignatureWalk
{
    private enum Container : byte
    {
        Message,
        Array,
        Struct,
        Variant,
    }

    private struct Frame
    {
        public Container Kind;
        public int Start;
        public int End;
        public int Resume;
        public int LengthAt;
        public int FirstAt;
    }

    private readonly Frame[] frames = new Frame[BusSignature.DepthMax + 1];
    private int depth;
    private int cursor;

    public void Start(int at, int length)
    {
        depth = 0;
        frames[0] = new Frame { Kind = Container.Message, Start = at, End = at + length };
        cursor = at;
    }

    public void Finish()
    {
        if (depth != 0 || cursor != frames[0].End)
        {
            throw new InvalidOperationException("The message is not complete: its signature promises more.");
        }
    }

    public void Expect(byte[] message, byte type)
    {
        ref readonly Frame top = ref frames[depth];
        if (cursor == top.End && top.Kind == Container.Array)
        {
            cursor = top.Start;
        }

        if (cursor >= top.End || message[cursor] != type)
        {
            throw new InvalidOperationException(
                $"'{(char)type}' does not fit: the signature has {(cursor < top.End ? $"'{(char)message[cursor]}'" : "ended")}.");
        }

        cursor++;
    }

    /// <summary>Goes into an array and returns the first letter of its element's type.</summary>
    public byte EnterArray(byte[] message)
    {
        Expect(message, (byte)'a');
        int length = BusSignature.FirstLength(message.AsSpan(cursor, frames[depth].End - cursor));
        Push(new Frame { Kind = Container.Array, Start = cursor, End = cursor + length });
        return message[cursor];
    }

    public void SetArray(int lengthAt, int firstAt)
    {
        frames[depth].LengthAt = lengthAt;
        frames[depth].FirstAt = firstAt;
    }

    public (int LengthAt, int FirstAt) LeaveArray()
    {
        Frame top = frames[depth];
        if (top.Kind != Container.Array || (cursor != top.Start && cursor != top.End))
        {
            throw new InvalidOperationException("No array ends here.");
        }

        depth--;
        cursor = top.End;
        return (top.LengthAt, top.FirstAt);
    }

    public void Enter(byte[] message, byte open)
    {
        Expect(message, open);
        int length = BusSignature.FirstLength(message.AsSpan(cursor - 1, frames[depth].End - cursor + 1));
        Push(new Frame { Kind = Container.Struct, Start = cursor, End = cursor + length - 2 });
    }

    public void Leave(byte[] message, byte close)
    {
        Frame top = frames[depth];
        if (top.Kind != Container.Struct || cursor != top.End || message[cursor] != close)
        {
            throw new InvalidOperationException($"No '{(char)close}' fits here.");
        }

        depth--;
        cursor++;
    }

    public void EnterVariant(int at, int length)
    {
        Push(new Frame { Kind = Container.Variant, Start = at, End = at + length, Resume = cursor });
        cursor = at;
    }

    public void LeaveVariant()
    {
        Frame top = frames[depth];
        if (top.Kind != Container.Variant || cursor != top.End)
        {
            throw new InvalidOperationException("No variant ends here.");
        }

        depth--;
        cursor = top.Resume;
    }

    private void Push(in Frame frame)
    {
        if (depth == BusSignature.DepthMax)
        {
            throw new InvalidOperationException("Too many containers inside each other.");
        }

        frames[++depth] = frame;
    }
}
