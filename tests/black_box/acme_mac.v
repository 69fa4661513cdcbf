// A cell of a vendor that does not exist: multiplies, and adds up in MODE "SUM".
module ACME_MAC #(
    parameter WIDTH = 4,
    parameter MODE = "HOLD"
) (
    input wire CK,
    input wire CLRN,
    input wire EN,
    input wire TEST,
    input wire [WIDTH-1:0] A,
    input wire B0,
    input wire B1,
    input wire B2,
    input wire B3,
    output reg [2*WIDTH+3:0] P,
    output wire BUSY
);
    wire [3:0] b = {B3, B2, B1, B0};

    initial P = 0;
    always @(posedge CK or negedge CLRN)
        if (!CLRN) P <= 0;
        else if (EN) P <= (MODE == "SUM" ? P : 0) + A * b;

    assign BUSY = EN & ~TEST;
endmodule
