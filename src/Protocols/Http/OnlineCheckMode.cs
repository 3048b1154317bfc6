namespace Spindle.Protocols.Http;

/// <summary>When a service is checked (<c>OnlineCheckMode</c>).</summary>
public enum OnlineCheckMode : byte
{
    /// <summary>Never (<c>none</c>).</summary>
    None,

    /// <summary>Until the first success (<c>one-shot</c>).</summary>
    OneShot,

    /// <summary>As long as it is connected (<c>continuous</c>).</summary>
    Continuous,
}
