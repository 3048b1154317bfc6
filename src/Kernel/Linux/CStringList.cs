using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Spindle.Kernels.Linux;

/// <summary>A NULL-terminated <c>char *[]</c> with its strings in one block outside the managed heap.</summary>
internal readonly unsafe ref struct CStringList
{
    private readonly byte** block;

    public CStringList(IReadOnlyList<string> texts)
    {
        int octets = 0;
        foreach (string text in texts)
        {
            octets = checked(octets + Encoding.UTF8.GetByteCount(text) + 1);
        }

        int table = checked((texts.Count + 1) * sizeof(byte*));
        block = (byte**)NativeMemory.Alloc((nuint)(table + octets));
        byte* next = (byte*)block + table;
        byte* end = next + octets;
        for (int index = 0; index < texts.Count; index++)
        {
            block[index] = next;
            next += Encoding.UTF8.GetBytes(texts[index], new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        block[texts.Count] = null;
    }

    public byte** Pointer => block;

    public void Dispose() => NativeMemory.Free(block);
}
