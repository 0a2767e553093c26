using ActorMD.Files.Series;

namespace ActorMD.Studies.Hierarchy;

/// <summary>A part of what <c>hierarchy</c> computes: draws, and what is made of them.</summary>
internal interface IHierarchyPart
{
    /// <summary>The draws.</summary>
    IEnumerable<BlockWork> Works { get; }

    /// <summary>Makes tables and pictures and adds to the summary.</summary>
    /// <param name="sums">Of all works, block by block.</param>
    /// <param name="files">Gets names and contents.</param>
    /// <param name="summary">So far.</param>
    HierarchySummary Finish(IReadOnlyDictionary<string, double[][]> sums, IDictionary<string, string> files, HierarchySummary summary);
}
