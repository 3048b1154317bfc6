namespace Spindle.Protocols.InterfaceXml;

/// <summary>The first thing that is wrong with a document, before its place is counted in lines.</summary>
/// <param name="Offset">Octets from the start.</param>
/// <param name="IsWellFormed">False when the document is not XML.</param>
/// <param name="Detail">One line.</param>
internal readonly record struct XmlFault(int Offset, bool IsWellFormed, string Detail);
