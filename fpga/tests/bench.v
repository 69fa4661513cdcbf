// Drives the board of wrapper.rs as its surroundings would.
module bench;
    reg clk = 0, reset_button = 1, uart_rx = 1;
    reg [1:0] buttons = 0;
    wire uart_tx, held_wifi_gpio0;
    wire [7:0] leds;
    integer cycle = 0;

    dut_on_ulx3s_85f board (
        .clk(clk), .reset_button(reset_button), .uart_rx(uart_rx), .buttons(buttons),
        .uart_tx(uart_tx), .leds(leds), .held_wifi_gpio0(held_wifi_gpio0)
    );

    always #1 clk = ~clk;
    always @(posedge clk) cycle <= cycle + 1;

    task check(input ok, input [8*40:1] what);
        if (!ok) begin
            $display("cycle %0d: wrong: %0s, leds %b", cycle, what, leds);
            $fatal;
        end
    endtask

    // In reset for `cycles`, counting right afterwards.
    task expect_reset(input integer cycles);
        begin
            repeat (cycles) begin
                @(negedge clk) check(leds[5:0] == 0, "the dut is in reset");
            end
            @(negedge clk) check(leds[5:0] == 1, "the first cycle after it");
            @(negedge clk) check(leds[5:0] == 2, "the second cycle after it");
        end
    endtask

    initial begin
        check(held_wifi_gpio0 == 1, "the held pin");
        // The counter has no init value: it is at 0 after the first edge in reset.
        expect_reset(32768);
        // Idle serial input is 1 from power-up on; a change takes two edges.
        check(uart_tx == 1, "idle");
        uart_rx = 0;
        @(negedge clk) check(uart_tx == 1, "one edge later");
        @(negedge clk) check(uart_tx == 0, "two edges later");
        buttons = 2'b10;
        repeat (2) @(negedge clk);
        check(leds[7:6] == 2'b10, "both buttons");
        // The button is low while pressed, and passes two edges; then the reset starts again.
        reset_button = 0;
        repeat (100) @(negedge clk);
        check(leds[5:0] == 0, "reset by the button");
        reset_button = 1;
        expect_reset(32768 + 2);
        $display("all is well");
        $finish;
    end
endmodule
