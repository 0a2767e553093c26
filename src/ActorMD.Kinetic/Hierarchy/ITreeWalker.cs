using ActorMD.Kinetic.Dsmc;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>Evaluates trees. One for each thread.</summary>
internal interface ITreeWalker
{
    /// <summary>Draws one tree of a stratum and adds its value to the sums.</summary>
    /// <param name="stratum">Its steps.</param>
    /// <param name="time">t.</param>
    /// <param name="random">Of the draws.</param>
    /// <param name="sums">Of the stratum.</param>
    void Sample(TreeStratum stratum, double time, ref StreamRandom random, TreeSums sums);
}
