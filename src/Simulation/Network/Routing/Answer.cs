using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>What became of a request: done, or the error and the words that an extended acknowledgement has for it.</summary>
internal readonly record struct Answer(Errno Error, string? Explanation = null)
{
    public string Words => Explanation ?? "";

    public static Answer Done => default;

    public bool IsOk => Error == Errno.None;

    public static Answer Fail(Errno error, string words = "") => new(error, words);
}
