namespace Spindle.Simulation.Actors.Names;

/// <summary>How a name server answers.</summary>
internal enum DnsMood
{
    /// <summary>With what its zone says.</summary>
    Answer,

    ServerFailure,
    NameError,
    Refused,
    NotImplemented,

    /// <summary>No error, and no answer.</summary>
    Empty,

    /// <summary>Cut off, with TC: ask over TCP. Over TCP it answers.</summary>
    Truncated,

    /// <summary>A forged answer with another id, then the right one.</summary>
    ForgedFirst,

    WrongId,
    WrongQuestion,
    WrongPort,
    NotAResponse,
    CutShort,
    Garbage,

    /// <summary>A name that points to itself.</summary>
    EndlessCompression,

    /// <summary>An alias and the address of that.</summary>
    Alias,

    /// <summary>An alias of itself.</summary>
    AliasOfItself,

    /// <summary>The answer a hundred times.</summary>
    ManyAnswers,

    /// <summary>An address record of five octets.</summary>
    BadRecord,

    /// <summary>The question comes back with its letters in the other case (RFC 4343).</summary>
    OtherCase,
}
