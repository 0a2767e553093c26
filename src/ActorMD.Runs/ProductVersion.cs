namespace ActorMD.Runs;

/// <summary>The version of this ActorMD.</summary>
public static class ProductVersion
{
    /// <summary>As in <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version!.ToString(fieldCount: 3);
}
