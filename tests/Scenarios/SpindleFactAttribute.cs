namespace Spindle.Scenarios;

/// <summary>A scenario of which it is known that ConnMan fails it or does otherwise; skipped when connmand is under test.</summary>
public sealed class SpindleFactAttribute : FactAttribute
{
    public SpindleFactAttribute()
    {
        if (Lab.IsConnmand)
        {
            Skip = "only of spindled";
        }
    }
}
