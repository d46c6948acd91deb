using System.Text.Json;
using Tweedie.Experiments.Cells;

namespace Tweedie.Experiments.Report;

/// <summary>A trajectory to step through; <c>report.js</c> moves the bars. Without a script, or in print, it shows the last step.</summary>
internal static class TrajectoryWidget
{
    // The default encoder escapes what could end the script element.
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Create(Trajectory trajectory)
    {
        var last = trajectory.Steps[^1];
        var bars = trajectory.Classes.Zip(last.Probabilities, (name, probability) =>
            FormattableString.Invariant($"<li class=\"{(name == trajectory.Label ? "truth" : "")}\"><span class=\"name\">{Html.Text(name)}</span><span class=\"track\"><span class=\"bar\" style=\"width:{100 * probability:F1}%\"></span></span></li>"));
        return $"""
            <div class="trajectory">
            <img src="data:image/png;base64,{Convert.ToBase64String(trajectory.Png)}" alt="test image {trajectory.Item}, {Html.Text(trajectory.Label)}">
            <div><p><strong>{trajectory.Kind}</strong>: test image {trajectory.Item}, {Html.Text(trajectory.Label)} (marked)</p>
            <p class="controls"><button type="button" class="back" aria-label="one step back">‹</button><input type="range" min="0" max="{trajectory.Steps.Count - 1}" value="{trajectory.Steps.Count - 1}" aria-label="step"><button type="button" class="forward" aria-label="one step on">›</button>
            <output>{Html.Text($"step {trajectory.Steps.Count} of {trajectory.Steps.Count}, t = {last.Timestep}: {last.Choice}")}</output></p>
            <ol class="bars">{string.Concat(bars)}</ol></div>
            <script type="application/json">{JsonSerializer.Serialize(trajectory.Steps, Options)}</script>
            </div>

            """;
    }
}
