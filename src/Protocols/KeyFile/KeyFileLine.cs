namespace Spindle.Protocols.KeyFile;

/// <summary>What a line of a key file is.</summary>
internal enum KeyFileLineKind
{
    /// <summary>Blank or beginning with <c>#</c>.</summary>
    Comment,

    /// <summary><c>[group]</c>.</summary>
    Group,

    /// <summary><c>key=value</c>.</summary>
    Entry,
}

/// <summary>One line as it stands in the file, and what it means.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Group">The group it stands in, or begins; empty before the first.</param>
/// <param name="Octets">The line without its newline.</param>
/// <param name="Entry">The key and value of an entry.</param>
internal sealed record KeyFileLine(KeyFileLineKind Kind, string Group, byte[] Octets, KeyFileEntry? Entry)
{
    public bool IsBlank => Kind == KeyFileLineKind.Comment && System.MemoryExtensions.Trim(Octets, " \t\r"u8).IsEmpty;
}
