using System;
using System.Collections.Generic;

namespace Spindle.Fuzz;

/// <summary>One parser under fire: seeds to mutate, and what is done with each input.</summary>
/// <param name="Name">Short, lower case, as given to the command line.</param>
/// <param name="Corpus">Valid inputs (captured or written by us) that mutations start from.</param>
/// <param name="Run">Parses the input; any exception, or a law that does not hold, is a finding.</param>
public sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Corpus, Action<byte[]> Run);
