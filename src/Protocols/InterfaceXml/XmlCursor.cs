using System;
using System.Buffers;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>A place in a document, and the first thing found wrong with it. Every method that can fail says so once, and is false.</summary>
internal ref struct XmlCursor(ReadOnlySpan<byte> document)
{
    private readonly ReadOnlySpan<byte> document = document;
    // What is behind the first octet that is no character is never looked at.
    private readonly ReadOnlySpan<byte> readable = document[..XmlCharacters.IndexOfBad(document)];

    /// <summary>Octets read.</summary>
    public int Offset { get; private set; }

    /// <summary>What was wrong.</summary>
    public XmlFault Fault { get; private set; }

    public readonly bool IsAtEnd => Offset == readable.Length;

    public readonly ReadOnlySpan<byte> Rest => readable[Offset..];

    /// <summary>The octet here, or -1 at the end.</summary>
    public readonly int Peek() => Offset < readable.Length ? readable[Offset] : -1;

    public readonly bool IsAt(ReadOnlySpan<byte> text) => Rest.StartsWith(text);

    public readonly ReadOnlySpan<byte> Since(int offset) => readable[offset..Offset];

    public void Advance(int octets) => Offset += octets;

    public bool TrySkip(ReadOnlySpan<byte> text)
    {
        bool isThere = IsAt(text);
        Offset += isThere ? text.Length : 0;
        return isThere;
    }

    /// <summary>True if there was at least one blank.</summary>
    public bool SkipBlanks()
    {
        int octets = Rest.IndexOfAnyExcept(" \t\r\n"u8);
        octets = octets < 0 ? Rest.Length : octets;
        Offset += octets;
        return octets > 0;
    }

    /// <summary>A name, colons and all; empty when there is none here.</summary>
    public ReadOnlySpan<byte> ReadName()
    {
        int start = Offset;
        while (Rune.DecodeFromUtf8(Rest, out Rune character, out int octets) == OperationStatus.Done
            && (Offset == start ? XmlCharacters.StartsName(character.Value) : XmlCharacters.ContinuesName(character.Value)))
        {
            Offset += octets;
        }

        return Since(start);
    }

    /// <summary>Skips to behind <paramref name="end"/>; at the end of the document when it does not come.</summary>
    public bool TrySkipPast(ReadOnlySpan<byte> end)
    {
        int octets = Rest.IndexOf(end);
        Offset += octets < 0 ? Rest.Length : octets + end.Length;
        return octets >= 0;
    }

    /// <summary>The line of an offset, from 1; for messages.</summary>
    public readonly int LineOf(int offset) => document[..offset].Count((byte)'\n') + 1;

    /// <summary>The document is not well-formed here.</summary>
    public bool Fail(string detail)
    {
        if (IsAtEnd && Offset < document.Length)
        {
            bool isUtf8 = Rune.DecodeFromUtf8(document[Offset..], out Rune character, out _) == OperationStatus.Done;
            detail = isUtf8 ? $"PCDATA invalid Char value {character.Value}" : "Input is not proper UTF-8, indicate encoding !";
        }

        return Refuse(new(Offset, IsWellFormed: false, detail));
    }

    /// <summary>It may be well-formed, but has what is not read here.</summary>
    public bool Decline(int offset, string detail) => Refuse(new(offset, IsWellFormed: true, detail));

    private bool Refuse(XmlFault fault)
    {
        Fault = Fault.Detail is null ? fault : Fault;
        return false;
    }
}
