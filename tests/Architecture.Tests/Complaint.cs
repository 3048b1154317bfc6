using System.Collections.Generic;

namespace Spindle.Architecture;

/// <summary>Fails a test with every violation in full.</summary>
internal static class Complaint
{
    public static void IfAny(IReadOnlyList<string> violations)
    {
        if (violations.Count > 0)
        {
            Assert.Fail(string.Join('\n', violations));
        }
    }
}
