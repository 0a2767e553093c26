using System.Net;
using System.Text;

namespace ActorMD.Report.Pages;

/// <summary>Puts HTML together; what is not markup is escaped.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new();

    /// <summary>Markup as it is.</summary>
    public HtmlWriter Raw(string markup)
    {
        _html.Append(markup);
        return this;
    }

    /// <summary>Text for people, also in attributes.</summary>
    public HtmlWriter Text(string text)
    {
        _html.Append(WebUtility.HtmlEncode(text));
        return this;
    }

    public override string ToString() => _html.ToString();
}
