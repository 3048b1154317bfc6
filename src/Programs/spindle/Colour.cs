namespace Spindle.Programs;

/// <summary>Colours of a terminal (ECMA-48, SGR).</summary>
internal enum Colour
{
    None = 0,
    Bold = 1,
    Faint = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
}

/// <summary>Which colour says what.</summary>
internal static class Colours
{
    public static Colour OfState(string state) => state switch
    {
        "online" or "ready" => Colour.Green,
        "association" or "configuration" or "disconnect" => Colour.Yellow,
        "failure" => Colour.Red,
        _ => Colour.Faint,
    };
}
