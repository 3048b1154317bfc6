namespace Spindle.Kernels;

/// <summary>What a system call answered: a value, or an error number.</summary>
/// <param name="Value">The value; 0 where the call failed.</param>
/// <param name="Error">The error; <see cref="Errno.None"/> where the call succeeded.</param>
public readonly record struct Result(long Value, Errno Error)
{
    /// <summary>True if the call succeeded.</summary>
    public bool IsOk => Error == Errno.None;

    /// <summary>The value as a file descriptor, count or process id.</summary>
    public int Int => (int)Value;

    /// <summary>A success.</summary>
    public static Result Ok(long value = 0) => new(value, Errno.None);

    /// <summary>A failure.</summary>
    public static Result Fail(Errno error) => new(0, error);

    /// <summary>True if the call failed with this error.</summary>
    public bool Is(Errno error) => Error == error;

    /// <summary>The value, or the error's name.</summary>
    public override string ToString() => IsOk ? Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : Error.ToString();
}
