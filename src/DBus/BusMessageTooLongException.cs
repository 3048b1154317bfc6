using System;

namespace Spindle.DBus;

/// <summary>A message that we write grew beyond <see cref="BusWriter.SizeMax"/>.</summary>
public sealed class BusMessageTooLongException() : InvalidOperationException("The message is too long for the bus.");
