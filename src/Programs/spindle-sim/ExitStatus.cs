namespace Spindle.Programs;

/// <summary>What the program ends with.</summary>
internal static class ExitStatus
{
    public const int Done = 0;
    public const int Difference = 1;
    public const int Wrong = 2;
}
